"""How many threads torch uses, for one thread of ours and not for the others."""

import torch


def use_threads(count: int) -> None:
    """`count` of torch's threads, the caller's own among them, work for the calling thread."""
    # At its first computation a thread takes over the number that any thread set last, even if
    # it has set one itself. Asking for the number gets that over with.
    torch.get_num_threads()
    torch.set_num_threads(count)
