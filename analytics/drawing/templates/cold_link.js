// On a fresh server, until somebody has opened the front page, Streamlit looks a deep link up in the folder pages/. None
// of our pages lies directly in it, so it says "not found" and then opens the right page all the same: close that.
function closeNotFound() {
  for (const dialog of document.querySelectorAll('[role="dialog"]')) {
    if (dialog.querySelector('h2')?.textContent === 'Page not found') dialog.querySelector('button')?.click();
  }
}
closeNotFound();
setTimeout(closeNotFound, 300);
