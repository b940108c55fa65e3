"""What is loaded by the time that calls come in is not gone through for garbage any more."""

import gc


def keep_for_good() -> None:
    """Frees what is garbage by now; everything else is taken to live as long as the process
    does. To be called once, with the model loaded and before the first call: it stops the
    world for as long as a full collection takes. See ADR 0069."""
    gc.collect()
    gc.freeze()
