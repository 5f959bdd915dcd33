"""What the model test prints at the end of the run, also where other processes have walked."""

import json
from collections import Counter
from collections.abc import Iterable

from tests.model.rules.rule import ASKED
from tests.model.run import Walks

PROPERTY = "model"
_KINDS = {
    "calls": "call_begins brought_in",
    "edits": "script message place use_version delete delete_all undelete delete_greeting restore_greeting mark_voice",
    "pictures": "set_picture remove_picture restore_picture",
    "erasures": "erase_message erase_version erase_voice erase_picture due obey",
    "faults": "object_missing object_cut bit_flipped sidecar_harmed entry_harmed copy_emptied unmounted swapped "
    "disk_fails published_harmed published_removed progress_lost",
    "sweeps": "sweep",
    "scrubs": "scrub",
    "refills": "refill add_copy",
    "restarts": "restart",
    "old databases": "old_database",
}


def dumped(walks: Walks) -> str:
    return json.dumps([walks.rules, walks.examples, walks.violations])


def lines(properties: Iterable[tuple[str, object]]) -> list[str]:
    """Nothing, if nobody walked."""
    rules, examples, violations = Counter[str](), 0, 0
    for name, value in properties:
        if name == PROPERTY:
            told = json.loads(str(value))
            rules.update(told[0])
            examples += told[1]
            violations += told[2]
    if not examples:
        return []
    asked = sum(rules[rule] for rule in ASKED)
    kinds = {kind: sum(rules[rule] for rule in names.split()) for kind, names in _KINDS.items()}
    return [
        f"model: {rules.total()} steps, {examples} examples, {violations} violations",
        f"{rules.total() - asked} steps that change something or harm it: "
        f"{', '.join(f'{count} {kind}' for kind, count in kinds.items())}; {asked} that only ask",
        f"by rule: {', '.join(f'{rule} {count}' for rule, count in rules.most_common())}",
    ]
