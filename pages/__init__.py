"""No page lives directly in here: Streamlit would serve such a file by its own address, past `dashboard.py` and what it
sets up, until somebody has opened the front page. The pages are in the folders below, and `dashboard.py` names them.
"""
