"""We have rung somebody up who wants to hear what callers hear: a sentence, then the place that callers come to."""

from ari_app.call import Call
from ari_app.exits import Exit, goodbye, to_extension, to_mailbox
from ari_app.flows.menu import menu
from ari_app.services import Services
from pbx.rules.jobs import JobState


async def trial_call(call: Call, svc: Services) -> Exit:
    job = await svc.library.jobs.get(call.company, call.target)
    if job.live:  # not when we come back after an interruption
        await svc.library.jobs.step(call.company, job.id, JobState.ANSWERED)
        await svc.library.jobs.step(call.company, job.id, JobState.DONE)
        await call.play("test-intro")
    assert job.aim is not None  # noqa: S101  every test call has one
    match job.aim.kind:
        case "menu":
            call.target = job.aim.value
            return await menu(call, svc)
        case "mailbox":
            return to_mailbox(job.aim.value)
        case "extension":
            return to_extension(job.aim.value)
        case "message":
            heard = await svc.library.messages.playable_message(call.company, job.aim.value, call.language)
            await call.play(*heard.media)
        case "hangup":
            pass
    return goodbye("goodbye", call.language)
