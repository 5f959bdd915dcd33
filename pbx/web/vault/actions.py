"""What was done, in the words of whoever reads the log: each action's name in it is one of these."""

from collections.abc import Mapping

from pbx.web.texts import Words


def words_of(words: Words) -> Mapping[str, str]:
    """By the name of the action."""
    return {
        "address set": words("E-postadress angiven"),
        "brake released": words("Raderingen fick gå vidare"),
        "company added": words("Företag upplagt"),
        "company exported": words("Företag exporterat"),
        "company imported": words("Företag importerat"),
        "erase ordered": words("Radering beslutad"),
        "greeting deleted": words("Hälsning borttagen"),
        "greeting recorded": words("Hälsning inspelad"),
        "greeting restored": words("Hälsning återtagen"),
        "language set": words("Språk valt"),
        "menu added": words("Meny upplagd"),
        "menu key set": words("Knapp i meny ändrad"),
        "menu saved": words("Meny sparad"),
        "message added": words("Meddelande upplagt"),
        "message deleted": words("Meddelande borttaget"),
        "message placed": words("Meddelande placerat"),
        "message recorded": words("Meddelande inspelat"),
        "message renamed": words("Meddelande omdöpt"),
        "message spoken": words("Meddelande läst av talsyntes"),
        "message undeleted": words("Meddelande återtaget"),
        "message uploaded": words("Meddelande uppladdat"),
        "number added": words("Nummer upplagt"),
        "operator entered": words("Driften gick in"),
        "operator left": words("Driften gick ut"),
        "password set": words("Lösenord valt"),
        "phone added": words("Telefon upplagd"),
        "picture removed": words("Bild borttagen"),
        "picture restored": words("Bild återtagen"),
        "picture set": words("Bild vald"),
        "pronunciation removed": words("Uttal borttaget"),
        "pronunciation set": words("Uttal angivet"),
        "recording asked for": words("Inspelning begärd"),
        "recording cancelled": words("Inspelning avbruten"),
        "recordings imported": words("Inspelningar importerade"),
        "round asked for": words("Inspelning i ett samtal begärd"),
        "round cancelled": words("Inspelning i ett samtal avbruten"),
        "script changed": words("Manus ändrat"),
        "scrub asked for": words("Genomgång begärd"),
        "signed in": words("Loggade in"),
        "test call asked for": words("Provring begärd"),
        "test call cancelled": words("Provring avbruten"),
        "user added": words("Användare upplagd"),
        "user number added": words("Nummer till användare upplagt"),
        "user number removed": words("Nummer till användare borttaget"),
        "version turned down": words("Version avböjd"),
        "version used": words("Version vald"),
        "voice message imported": words("Röstmeddelande importerat"),
    }
