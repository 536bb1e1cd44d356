import sys

from dispatch_core.main.cli import main

sys.exit(main())
