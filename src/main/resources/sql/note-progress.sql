update import set lines_read = ?, percent_read = ? where import_id = ?
