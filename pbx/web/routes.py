"""Every address that we answer, who may come in there, and by whom it is answered. There is no other way in."""

from pbx.web import companies, home, live_page, messages, own, sign_in
from pbx.web.doors import Door, Route

ROUTES: tuple[Route, ...] = (
    Route("GET", "/", home.first, Door.ANYBODY),
    Route("GET", "/health", home.health, Door.ANYBODY),
    Route("GET", "/static/{mark}/{name:.+}", home.static, Door.ANYBODY),
    Route("GET", "/favicon.ico", home.icon, Door.ANYBODY),
    Route("POST", "/language", home.language, Door.ANYBODY),
    Route("GET", "/live", live_page.events, Door.ADMIN),
    Route("GET", "/sign-in", sign_in.show, Door.ANYBODY),
    Route("POST", "/sign-in", sign_in.enter, Door.ANYBODY),
    Route("POST", "/sign-out", sign_in.leave, Door.ANYBODY),
    Route("GET", "/forgotten", sign_in.ask, Door.ANYBODY),
    Route("POST", "/forgotten", sign_in.send, Door.ANYBODY),
    Route("GET", "/link/{token}", sign_in.link, Door.ANYBODY),
    Route("POST", "/link/{token}", sign_in.use, Door.ANYBODY),
    Route("GET", "/sessions", own.sessions, Door.SIGNED_IN),
    Route("POST", "/sessions/{session}/end", own.end_session, Door.SIGNED_IN),
    Route("GET", "/companies", companies.show, Door.OPERATOR),
    Route("POST", "/companies/{company}/enter", companies.enter, Door.OPERATOR),
    Route("POST", "/companies/leave", companies.leave, Door.OPERATOR),
    Route("GET", "/messages", messages.show, Door.ADMIN),
    Route("GET", "/messages/{message}/heard.wav", messages.heard, Door.ADMIN),
)
