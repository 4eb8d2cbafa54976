"""A page of nothing but the list of assignments, for its tests; pages of the product show it among others."""

from pages.parts.controls import control_row
from pages.parts.export_menu import save_menu
from pages.parts.open_forms import show_outcome
from pages.parts.tasks import show_tasks, task_exhibits

choice = control_row(dates=False)
show_outcome(choice.lang)
show_tasks(choice)
save_menu(choice, choice.ws.today, task_exhibits(choice))
