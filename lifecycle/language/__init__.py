"""The workflow language: YAML text -> tree with places -> definition -> checks -> compiled workflow."""

from lifecycle.language.definition import Definition as Definition
from lifecycle.language.folders import Bundle as Bundle
from lifecycle.language.folders import DiskFolder as DiskFolder
from lifecycle.language.folders import Folder as Folder
from lifecycle.language.folders import Folders as Folders
from lifecycle.language.folders import MemoryFolder as MemoryFolder
from lifecycle.language.loading import Loaded as Loaded
from lifecycle.language.loading import load as load
from lifecycle.language.loading import load_bundle as load_bundle
