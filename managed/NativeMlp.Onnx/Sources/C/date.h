/* The parts of a date, NaN where it is missing: seconds since the earliest, month, day, day of the week from Sunday, hour. */
static inline void MODEL_date(double seconds, double earliest, double part[5])
{
    const double ticks = MODEL_times(seconds, 1e7) + 621355968000000000.0;
    for (int i = 0; i < 5; i++) part[i] = NAN;
    if (!(ticks >= 0 && ticks < 3155378976000000000.0)) return;
    const int64_t all = (int64_t)ticks, days = all / 864000000000, from_march = days + 306;
    const int64_t day_of_era = from_march % 146097;
    const int64_t year = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int64_t day_of_year = day_of_era - (365 * year + year / 4 - year / 100), month = (5 * day_of_year + 2) / 153;
    part[0] = seconds - earliest;
    part[1] = (double)(month < 10 ? month + 3 : month - 9);
    part[2] = (double)(day_of_year - (153 * month + 2) / 5 + 1);
    part[3] = (double)((days + 1) % 7);
    part[4] = (double)(all % 864000000000 / 36000000000);
}
