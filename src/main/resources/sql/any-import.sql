select exists (select from import)
