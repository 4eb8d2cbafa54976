"""The application without a browser: what a page, a shell command or an address asks for, each in one call.

Whoever comes in becomes an :class:`Actor` once, at the edge; every call here is handed the :class:`Workspace` that
holds it, and asks for the role that it takes. From the ground up: datasets ← ledgers ← runs ← schemes ← published ←
briefings ← views; beside them drafts, loads, decisions and evidence.
"""

from analytics.workspace.door import Workspace, door, open_workspace

__all__ = ["Workspace", "door", "open_workspace"]
