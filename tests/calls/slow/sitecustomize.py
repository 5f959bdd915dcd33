"""For a service that tests make slow: SIGUSR1 keeps its event loop from running for 2 s, SIGUSR2 for half a second."""

import signal
import time

signal.signal(signal.SIGUSR1, lambda *_: time.sleep(2))
signal.signal(signal.SIGUSR2, lambda *_: time.sleep(0.5))
