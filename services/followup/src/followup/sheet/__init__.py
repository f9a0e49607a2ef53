"""The spreadsheet of an assembly's recommendations: taken out, filled in by the municipality's units, taken in again.

`columns` says what stands in it, `exporting` fills it, `workbooks` and `csv_files` are its two forms, `checking` finds
what a file that comes back changes, or what is wrong with it. Nothing here writes: `use_cases.together` does.
"""
