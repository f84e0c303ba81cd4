alter role %s password '%s'
