"""The command line, nothing else."""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable
from typing import Any

from pbx.errors import CannotStart, Refused, VaxelError
from pbx.loading import load
from pbx.settings import Settings

_MESSAGE: dict[str, Any] = {"metavar": "MESSAGE", "help": "its name or number"}
_STATES = ("ok", "missing", "corrupt", "healing", "stand-in")


def main() -> None:
    args = parser().parse_args()
    try:
        settings = Settings.from_env(os.environ)
        sys.exit(args.begin(settings, args))
    except CannotStart as error:
        sys.exit(f"vaxel: {error}")
    except Refused as refused:
        print(_named("desk.explain")(refused), file=sys.stderr)
        sys.exit(1)
    except VaxelError as error:
        sys.exit(f"vaxel: {error}")
    except BrokenPipeError:  # whoever read this has read enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def parser() -> argparse.ArgumentParser:
    """Every command, each with the sentence that --help prints."""
    top = argparse.ArgumentParser(prog="vaxel", description="A company switchboard that cannot lose a greeting.")
    top.set_defaults(json=False, company=None)
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, help: str, into: Any = commands, *, tells: bool = True) -> argparse.ArgumentParser:
        """`tells`: there is something to tell a program, besides whether it was done."""
        made: argparse.ArgumentParser = into.add_parser(name, help=help, description=help)
        if tells:
            made.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="for programs")
        return made

    def at_desk(name: str, help: str, act: str, into: Any = commands, *, tells: bool = True) -> argparse.ArgumentParser:
        made = command(name, help, into, tells=tells)
        made.add_argument(
            "--company", metavar="NAME", default=argparse.SUPPRESS, help="the company; without it the first one"
        )
        made.set_defaults(begin=_at_desk(act))
        return made

    run = command("run", "answer calls until SIGTERM or Ctrl-C", tells=False)
    run.set_defaults(begin=_plain("run.run"))
    # What the warden says when it starts us; without it we become the warden.
    run.add_argument("--beat", type=int, metavar="FD", help=argparse.SUPPRESS)
    run.add_argument("--after", default="", metavar="WORDS", help=argparse.SUPPRESS)
    command("init", "make the database, and the demonstration where PBX_DEMO=yes", tells=False).set_defaults(
        begin=_plain("serve.init")
    )
    command("doctor", "check what commonly breaks, and say what to do").set_defaults(begin=_plain("doctor.doctor"))
    command("settings", "every setting with its value").set_defaults(begin=_plain("views.show_settings"))
    command("status", "telephones, calls, and whether everything that must be fresh is").set_defaults(
        begin=_plain("status.status")
    )
    command("calls", "calls now").set_defaults(begin=_plain("views.calls"))
    _add_companies(at_desk)
    at_desk("publish", "make what callers hear where it is missing or damaged", "publish.publish").add_argument(
        "--all", action="store_true", help="make everything anew, whatever is there"
    )
    at_desk("jobs", "recording jobs, newest first", "record.jobs")
    at_desk("losses", "recordings that were found gone or damaged, of all companies", "losses.losses").add_argument(
        "--open", action="store_true", help="only those that are not whole again"
    )
    at_desk("audit", "who changed what", "views.audit").add_argument("--limit", type=int, default=100)

    ring = at_desk("record", "ring somebody up to read a message in", "record.record")
    ring.add_argument("message", metavar="MESSAGE", help="its name or number")
    ring.add_argument("--to", required=True, metavar="+46…", help="a number that was entered for a user")
    ring.add_argument("--lang", choices=("sv", "en"), help="default: the company's")
    ring.add_argument("--follow", action="store_true", help="print each state; 0 only for saved")
    ring.add_argument("--key", help="asked again with the same key, it is the same job")

    _add_messages(commands, at_desk)
    operators = command("operators", "who runs this switchboard").add_subparsers(required=True, metavar="WHAT")
    at_desk("invite", "a link, for one day, by which one becomes an operator", "operators.invite", operators)
    _add_users(commands, at_desk)
    _add_numbers(commands, at_desk)
    _add_sounds(commands, command)
    _add_vault(commands, at_desk)
    return top


def _add_companies(at_desk: Callable[..., argparse.ArgumentParser]) -> None:
    what = at_desk("companies", "the companies", "companies.list_companies").add_subparsers(metavar="WHAT")
    new = at_desk("add", "a new company, without users and numbers", "companies.add", what)
    new.add_argument("name")
    new.add_argument("--lang", choices=("sv", "en"), default="sv")
    new.add_argument("--time-zone", default="Europe/Stockholm", metavar="ZONE")
    new.add_argument(
        "--outgoing", choices=("all", "checked", "none"), default="all",
        help="what its phones may dial outside: anything; what is allowed and costs no more than a call; 112 alone",
    )  # fmt: skip


def _add_messages(commands: Any, at_desk: Callable[..., argparse.ArgumentParser]) -> None:
    listed = at_desk("messages", "the message library and what callers hear", "messages.list_messages")
    listed.add_argument("--state", choices=_STATES, action="extend", nargs="+", help="only these")
    listed.add_argument("--deleted", action="store_true", help="those that can be brought back")
    what = listed.add_subparsers(metavar="WHAT")
    new = at_desk("add", "a new message, said by a voice until it is recorded", "messages.add", what)
    new.add_argument("name", metavar="NAME")
    new.add_argument("--kind", default="announcement", metavar="KIND", help="announcement, welcome, menu, queue, …")
    new.add_argument("--script", default="", metavar="TEXT", help="what it says; - for standard input")
    new.add_argument("--lang", choices=("sv", "en"), help="of the script; default: the company's")
    delete = at_desk("delete", "out of all lists; for thirty days it can be brought back", "messages.delete", what)
    delete.add_argument("--for-good", action="store_true", help="erase it and its recordings from every copy")
    delete.add_argument(
        "--version", type=int, metavar="N", help="with --for-good: only that recording, which is not heard"
    )
    delete.add_argument("--lang", choices=("sv", "en"), help="of that recording; default: the company's")
    undelete = at_desk("undelete", "bring a deleted one back", "messages.undelete", what, tells=False)

    versions = at_desk("versions", "every recording of a message", "messages.versions")
    use = at_desk("use", "make a recording the one that is heard", "messages.use", tells=False)
    script = at_desk(
        "script", "write what a message says; a recording stays the one that is heard", "messages.script", tells=False
    )
    upload = at_desk("upload", "make a sound file, or a video's sound, what is heard of a message", "upload.upload")
    speak = at_desk("speak", "let a voice say a message's script, or another text", "speak.speak")
    for one in (delete, undelete, versions, use, script, upload, speak):
        one.add_argument("message", **_MESSAGE)
    for one in (versions, use, script, upload, speak):
        one.add_argument("--lang", choices=("sv", "en"), help="default: the company's; of versions: all")
    for one in (use, script, upload, speak):
        one.add_argument("--revision", type=int, metavar="N", help="refuse if the text has another revision by now")
    use.add_argument("version", type=int, metavar="VERSION", help="its number in that language")
    upload.add_argument("file", metavar="FILE", help="wav, mp3, m4a, ogg, opus, flac, webm, aiff, mp4")
    script.add_argument("text", metavar="TEXT", help="what is to be said; - for standard input")
    speak.add_argument(
        "--text", metavar="TEXT", help="its new script; - for standard input; default: the script it has"
    )
    speak.add_argument("--voice", metavar="NAME", help="pyttsx3:sv, espeak:sv+f2, piper:NAME; default: as set")
    speak.add_argument("--preview", metavar="FILE", help="only write a wav file to listen to")
    pronounce = at_desk("pronounce", "how the company's own words are to be said", "speak.pronounce")
    pronounce.add_argument("word", metavar="WORD", nargs="?", help="as it is written, in any case")
    pronounce.add_argument("says", metavar="SAYS", nargs="?", help="as it is to be said")
    pronounce.add_argument("--lang", choices=("sv", "en"), help="default: the company's; of --list: all")
    pronounce.add_argument("--list", action="store_true", help="the words that there are")
    pronounce.add_argument("--remove", metavar="WORD", help="say it again as it is written")


def _add_users(commands: Any, at_desk: Callable[..., argparse.ArgumentParser]) -> None:
    people = at_desk("users", "users, their numbers, phones, PINs, pictures and mailboxes", "users.list_users")
    what = people.add_subparsers(metavar="WHAT")
    new = at_desk("add", "a new user with a mailbox", "users.add", what)
    new.add_argument("name")
    new.add_argument("extension")
    new.add_argument("--lang", choices=("sv", "en"))
    new.add_argument("--role", choices=("user", "admin"), default="user")
    numbers = what.add_parser("number", help="numbers at which a user may be rung")
    number = numbers.add_subparsers(required=True, metavar="WHAT")
    for name, help, act in (
        ("add", "enter one", "users.add_number"),
        ("remove", "take one away", "users.remove_number"),
    ):
        one = at_desk(name, help, act, number, tells=name == "add")
        one.add_argument("name", help="name or extension")
        one.add_argument("number")
    pin = at_desk("pin", "choose a new PIN, read from standard input", "users.set_pin", what, tells=False)
    pin.add_argument("name", help="name or extension")
    phone = at_desk("phone", "a new phone: its SIP user and password", "users.add_phone", what)
    phone.add_argument("name", help="name or extension")
    phone.add_argument("--label", default="")
    voice = at_desk("voice", "what callers left for a user", "mailboxes.voice", what)
    voice.add_argument("name", help="name or extension")
    voice.add_argument(
        "--for-good", nargs="+", metavar="ID", help="erase these from every copy; their ids, as the list has them"
    )
    greeting = at_desk("greeting", "a user's own greeting; its recordings: vaxel versions", "mailboxes.greeting", what)
    greeting.add_argument("name", help="name or extension")
    greeting.add_argument(
        "--for-good", action="store_true", required=True, help="erase all of its recordings from every copy"
    )
    picture = at_desk("picture", "what a user looks like: JPEG, PNG or WebP", "pictures.picture", what)
    picture.add_argument("name", help="name or extension")
    wish = picture.add_mutually_exclusive_group(required=True)
    wish.add_argument("file", nargs="?", metavar="FILE", help="a square of its middle is shown from now on")
    wish.add_argument("--remove", action="store_true", help="show none; for thirty days it can be brought back")
    wish.add_argument("--undo", action="store_true", help="bring back the one that was replaced or removed last")
    wish.add_argument("--for-good", action="store_true", help="erase all of the user's from every copy")


def _add_numbers(commands: Any, at_desk: Callable[..., argparse.ArgumentParser]) -> None:
    what = at_desk(
        "numbers", "the company's public numbers, and where each leads", "numbers.list_numbers"
    ).add_subparsers(metavar="WHAT")
    new = at_desk("add", "a number that callers may dial from now on", "numbers.add", what)
    lead = at_desk("lead", "let it lead elsewhere, all of it as said now", "numbers.lead", what, tells=False)
    remove = at_desk("remove", "who dials it is told that it is not in use", "numbers.remove", what, tells=False)
    for one in (new, lead, remove):
        one.add_argument("number", metavar="+46…")
    for one in (new, lead):
        where = one.add_mutually_exclusive_group(required=True)
        where.add_argument("--menu", metavar="NAME", help="a menu")
        where.add_argument("--user", metavar="NAME", help="a user's phones; name or extension")
        where.add_argument("--mailbox", metavar="NAME", help="a user's mailbox")
        where.add_argument("--voicemail", action="store_true", help="333 from any telephone, by extension and PIN")
        one.add_argument("--otherwise", metavar="NAME", help="of a menu: whose mailbox takes callers who press nothing")
        one.add_argument("--lang", choices=("sv", "en"), help="default: the company's")


def _add_sounds(commands: Any, command: Callable[..., argparse.ArgumentParser]) -> None:
    sounds = command("sounds", "all that the system says itself, and whose recordings are heard")
    sounds.set_defaults(begin=_at_desk("sounds.list_sounds"))
    what = sounds.add_subparsers(metavar="WHAT")
    replace = command("replace", "a recording of your own in the place of the built one", what)
    restore = command("restore", "the built one is heard again", what, tells=False)
    for one, act in ((replace, "sounds.replace"), (restore, "sounds.restore")):
        one.set_defaults(begin=_at_desk(act))
        one.add_argument("key", metavar="KEY", help="as the list has it")
        one.add_argument("--lang", choices=("sv", "en"), required=True)
    replace.add_argument("file", metavar="FILE", help="wav, mp3, m4a, ogg, flac or webm")


def _add_vault(commands: Any, at_desk: Callable[..., argparse.ArgumentParser]) -> None:
    vault = commands.add_parser("vault", help="the copies of all recordings: how they are, and what to do with them")
    what = vault.add_subparsers(required=True, metavar="WHAT")
    at_desk("status", "the copies, and what waits for them", "vault.status", what)
    at_desk("scrub", "read everything in every copy, mend what is damaged", "vault.scrub", what)
    at_desk("orders", "what is being erased for good, and which copies have obeyed", "erasing.orders", what)
    at_desk("release", "let deleting and erasing in a company go on for an hour", "erasing.release", what)
    for name, help, argument in (
        ("refill", "fill a frozen copy from the others, and let it take writes again", "copy"),
        ("add-copy", "one more folder with everything in it", "path"),
        ("retire-copy", "use a copy no more; nothing in it is removed", "copy"),
    ):
        one = at_desk(name, help, f"vault.{name.replace('-', '_')}", what, tells=name != "retire-copy")
        one.add_argument(argument, metavar=argument.upper(), help="its name or folder" if argument == "copy" else "")
    at_desk("export", "one company as a zip of sound files and a manifest", "parcel.export", what).add_argument(
        "file", metavar="FILE.zip"
    )
    bring = at_desk("import", "such a zip into a company; without a name the one it names", "parcel.bring_in", what)
    bring.add_argument("file", metavar="FILE.zip")
    rebuild = what.add_parser("rebuild", help="a lost database from the vault alone")
    rebuild.add_argument("--from", dest="copy", metavar="COPY", help="name or folder of one copy; default: all of them")
    rebuild.add_argument("--dry-run", action="store_true", help="tell where a living database differs; change nothing")
    rebuild.add_argument("--json", action="store_true", help="for programs")
    rebuild.set_defaults(begin=_plain("vault.rebuild"))


def _named(name: str) -> Any:
    """What `module.function` of pbx.cli is; imported now, so that a command loads no more than it needs."""
    module, _, function = name.partition(".")
    return getattr(load(f"pbx.cli.{module}"), function)


def _plain(act: str) -> Callable[[Settings, argparse.Namespace], int]:
    return lambda settings, args: _named(act)(settings, args)  # noqa: PLW0108  imported when called


def _at_desk(act: str) -> Callable[[Settings, argparse.Namespace], int]:
    return lambda settings, args: asyncio.run(_named("desk.act")(settings, _named(act), args))


if __name__ == "__main__":
    main()
