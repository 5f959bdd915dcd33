"""The mail with a link, in its reader's language."""

from pbx.company.signing_in import Mailed
from pbx.web.visit import Visit


async def write(visit: Visit, mailed: Mailed) -> None:
    site = visit.parts.settings.site
    text = visit.templates.render(
        mailed.language, "sign_in/mail.txt", name=mailed.name, url=f"{site}/link/{mailed.token}"
    )
    subject, _, body = text.partition("\n")
    await visit.parts.outbox.put(mailed.email, subject.strip(), body.strip() + "\n")
