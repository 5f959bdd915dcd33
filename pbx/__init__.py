"""What is true without a call in progress."""

import os

# Before numpy is loaded: OpenBLAS's threads spin for a while after each product of matrices, and ours are small. They
# kept a core busy for nothing while messages came in: more than half of what our process spent on a message.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
