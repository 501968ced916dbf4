"""Other people's tools on the same records in the same run, each in a virtual environment of its own.

None of them is part of vialtrace. The scripts beside this file are what a careful user of each tool would write; they
know nothing of vialtrace, take paths and print one line of JSON.
"""
