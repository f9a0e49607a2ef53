"""The import of a roll: taken in locked pieces, checked from end to end, then written in batches.

An import is a job in the database, so any replica goes on with it where another stopped, also one that was killed.
What makes it all or nothing is that the whole file is checked before the first write.
"""
