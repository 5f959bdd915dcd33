"""The mail that invites somebody, in their language."""

from pbx.store.values import User
from pbx.web.visit import Visit


async def write(visit: Visit, user: User, email: str, url: str) -> None:
    text = visit.templates.render(
        user.language, "users/mail.txt", name=user.name, company=visit.company.name, extension=user.extension, url=url
    )
    subject, _, body = text.strip().partition("\n")
    await visit.parts.outbox.put(email, subject.strip(), body.strip() + "\n")
