"""An assembly as data: `municipalities/<name>/assembly.yaml`, read, checked and refused with the path of the field.

Everything that differs between municipalities stands in that file, never in code. A file with a mistake announces a
wrong mandate to thousands of people, so it is refused whole, with all its problems at once.
"""

from sessions.domain.assembly_file.model import AssemblyFile
from sessions.domain.assembly_file.reading import FILE_NAME, AssemblyFileError, check, load, read

__all__ = ["FILE_NAME", "AssemblyFile", "AssemblyFileError", "check", "load", "read"]
