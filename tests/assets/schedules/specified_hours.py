"""Hours that between them use every part of the specification of `opening_hours`."""

HOURS = """\
24/7
Mo-Fr 09:00-17:00
Mo-Fr 08:00-12:00,13:00-17:30
Mo-Fr 08:00-12:00,13:00-17:30; Sa 08:00-12:00
Mo-Fr 08:00-12:00,13:00-17:30; Sa 08:00-12:00; PH off
Mo,We,Fr 10:00-14:00
Sa-Mo 10:00-16:00
Fr-Mo 22:00-02:00
Mo-Su 08:00-18:00; Apr 10-15 off; Jun 08:00-14:00; Aug off; Dec 25 off
Mo-Sa 10:00-20:00; Tu 10:00-14:00
Mo-Sa 10:00-20:00; Tu off
Mo-Sa 10:00-20:00; Tu 10:00-14:00 open "reduced"
24/7; Aug 10:00-14:00
24/7; Dec 24-26 off
Th[1] 18:00-20:00
Th[1,3] 18:00-20:00
Th[1-2],Sa[-1] 10:00-12:00
Mo[-1] 10:00-12:00; Mo[2] 14:00-15:00
Apr-Sep Mo-Fr 09:00-17:00; Oct-Mar Mo-Fr 10:00-16:00
Nov-Feb Sa,Su 10:00-15:00
Oct-Mar 07:30-19:30; Apr-Sep 07:00-21:00
Dec 20-Jan 05 off; Mo-Fr 10:00-12:00
Mo-Fr 10:00-12:00; Dec 20-Jan 05 off
Dec 24 10:00-12:00
Dec 24,31 10:00-12:00
2026 Mo-Fr 10:00-12:00
2026-2027 Sa 10:00-12:00
2027+ Sa 10:00-12:00
2026 Dec 01-2027 Feb 28 Mo-Fr 09:00-10:00
2026 Dec 25 off; Mo-Fr 09:00-10:00
week 1-53/2 Fr 09:00-12:00
week 2-52/2 We 09:00-12:00
week 40-10 Mo 09:00-12:00
week 53 Mo-Su 10:00-12:00
PH 10:00-12:00
Mo-Fr 09:00-17:00; PH off
Mo-Fr,PH 09:00-17:00
Mo-Fr 09:00-17:00, PH 12:00-13:00
PH,Sa 10:00-12:00
PH Mo-Fr 10:00-12:00
Mo-Fr 18:00-02:00
Fr,Sa 20:00-04:00; Su 12:00-18:00
Fr 20:00-04:00, Sa 10:00-12:00
22:00-26:00
Mo 18:00-26:00
Mo-Fr 17:00+
Mo-Fr 12:00-14:00+
Sa 10:00+
Sa 23:00+
Mo 08:00-12:00 unknown
Mo-Fr 10:00-12:00 "by appointment"
Mo-Fr 10:00-12:00 unknown "ring first"
Mo-Fr 09:00-17:00; Sa "by appointment"
"by appointment"
off
open
unknown
closed "for repairs"
Mo-Fr 08:00-18:00 || "by appointment"
Mo-Fr 08:00-12:00 || Mo-Fr 13:00-14:00 unknown "ring"
Mo-Fr 08:00-12:00 || 10:00-14:00 || unknown
Mo-Fr 08:00-20:00; Mo-Fr 12:00-13:00 off
Mo-Fr 08:00-20:00, We 12:00-13:00 off
Mo-Fr 10:00-12:00, Mo-Fr 11:00-14:00
Mo-Fr 10:00-12:00, We 18:00-20:00
Mo-Fr 10:00-12:00, We 18:00-20:00, 21:00-22:00
Mo-Fr 10:00-12:00; We 18:00-20:00
Mo-Fr 10:00-12:00; 14:00-15:00
09:00-17:00; Su off
00:00-24:00
Mo-Su 00:00-24:00; PH off
Mo-Su,PH 12:00-22:00
Jan 01-Mar 31 Mo 10:00-12:00
Mar-Oct: Mo-Fr 09:00-18:00
Feb 29 10:00-12:00
Mo-Fr 01:30-03:30
Sa-Su 00:30-02:30
Su 23:00-06:00
Su 01:00-02:00
Sa 22:00-01:30
Dec Mo[1] 10:00-12:00
mo-fr 9:00-17:00
Mo - Fr 09:00 - 17:00
Mo-Fr 09:00-17:00;
Mo-Fr 09:00–17:00
Jan,Mar,Dec Tu 10:00-11:00
Mo-Fr 09:00-17:00; Dec 25-26,Jan 01 off
Dec 25,26 off; Mo-Sa 10:00-11:00
Dec 25: 10:00-12:00
Mo-Fr 10:00-16:00; 2026 Dec 24-2027 Jan 03 off; PH off
Mo-Fr 10:00-16:00; Dec 24 10:00-12:00; PH off
Mo-Fr 10:00-16:00; PH off; Dec 25 12:00-14:00
Su[1] 10:00-12:00; PH 14:00-15:00
Tu 10:00-12:00,Th 14:00-16:00
Tu 10:00-12:00 open, Th 14:00-16:00 unknown
Mo-Fr 10:00-16:00 open; Fr off "training"
PH off; Mo-Fr 10:00-16:00
We; Th 10:00-12:00
Mo-Fr
Apr-Sep
Apr-Sep; We off
2026 Nov 20-2026 Dec 05 10:00-12:00
Mo-Fr 10:00-12:00; week 52 off
Mo-Fr 10:00-18:00+; Sa 17:00-20:00+
Mo 10:00-12:00,14:00+
SH 10:00-12:00
Mo-Fr 10:00-12:00; SH off
Mo-Fr 10:00-16:00/01:30
sunrise-sunset
easter 10:00-12:00
easter -2 days off
Mo-Fr 10:00-10:00
Mo-Fr 09:00
Mo 10am-12pm
Mo[6] 10:00-12:00
Mo-Fr 25:00-26:00
Feb 30 10:00-12:00
week 54 Mo 10:00-12:00
Xy 10:00-12:00
Mo-Fr 10:00-12:00 ||
|| Mo 10:00-12:00
We[2] + 1 day 10:00-12:00
2026-2030/2 Mo 10:00-12:00
""".splitlines()
