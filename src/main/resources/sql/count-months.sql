call count_all_months()
