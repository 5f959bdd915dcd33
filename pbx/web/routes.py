"""Every address that we answer, who may come in there, and by whom it is answered. There is no other way in."""

from pbx.web import companies, home, live_page, messages, own, recording, sign_in
from pbx.web.doors import Door, Route
from pbx.web.messages import edit, new_audio

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
    Route("GET", "/messages/{message}", edit.show, Door.ADMIN),
    Route("GET", "/messages/{message}/heard.wav", messages.heard, Door.ADMIN),
    Route("POST", "/messages/{message}/name", edit.rename, Door.ADMIN),
    Route("POST", "/messages/{message}/script", edit.script, Door.ADMIN),
    Route("POST", "/messages/{message}/use", edit.use, Door.ADMIN),
    Route("GET", "/messages/{message}/versions/{version}/sound.wav", edit.version_wav, Door.ADMIN),
    Route("GET", "/messages/{message}/versions/{version}/compared.wav", edit.compared_wav, Door.ADMIN),
    Route("GET", "/messages/{message}/versions/{version}/curve.svg", edit.version_svg, Door.ADMIN),
    Route("POST", "/messages/{message}/speak", new_audio.speak, Door.ADMIN),
    Route("POST", "/messages/{message}/preview", new_audio.preview, Door.ADMIN),
    Route("PUT", "/messages/{message}/audio", new_audio.upload, Door.ADMIN),
    Route("GET", "/messages/{message}/record", recording.show, Door.ADMIN),
    Route("POST", "/messages/{message}/record", recording.start, Door.ADMIN),
    Route("GET", "/numbers/check", recording.check, Door.ADMIN),
    Route("GET", "/jobs/{job}", recording.job, Door.ADMIN),
    Route("GET", "/jobs/{job}/live", recording.events, Door.ADMIN),
    Route("POST", "/jobs/{job}/cancel", recording.cancel, Door.ADMIN),
)
