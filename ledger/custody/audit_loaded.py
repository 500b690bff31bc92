"""What the server of an audit's processes loads before it forks them: to be imported is all that it is for.

- Python looks for garbage again and again while modules are loaded, and finds none: a quarter of the time that loading
  takes, measured. Here it does not.
- What is loaded stays as long as the process. It is set apart from what a collector looks at, so that no process walks
  over it, and the pages that they share stay shared.

    get_context("forkserver").set_forkserver_preload(["ledger.custody.audit_loaded"])

Python documentation, `gc.freeze`.
"""

import gc
from importlib import import_module

_MODULES = ("concurrent.futures.process", "ledger.custody.audit_entries", "ledger.custody.audit_store")


def load() -> None:
    """Load what judges stretches."""
    collecting = gc.isenabled()
    gc.disable()
    for name in _MODULES:
        import_module(name)
    if collecting:
        gc.enable()
    gc.freeze()


load()
