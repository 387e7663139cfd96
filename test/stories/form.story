# A bureau's form: what is known is filled with its source and day, the worker is asked for the blanks, and only once.
the day is 2026-03-02
place xihu is the district 西湖区
place fuyuan is the compound 府苑新村 in xihu
place b3 is the building 3幢 in fuyuan
王小明 is registered at b3 with the phone 13800000001
李阿姨 is registered at b3
liu keeps the register of fuyuan

09:00 liu maps the form meals of civil-affairs with 姓名,联系电话,是否助餐,填表日期
liu takes the form meals in hand for fuyuan as R1
# Li's phone, and whether either of them wants meals.
3 cells of R1 are blank
10:00 liu answers 联系电话 in R1 with 13800000002
liu answers 是否助餐 in R1 with 要
0 cells of R1 are blank
liu prints R1 and reads "联系电话：登记 2026-03-02"
liu prints R1 and reads "是否助餐：社区填报 2026-03-02"

# A week later another bureau asks the same: nobody is asked again.
2026-03-09 09:00 liu maps the form street-list of wenxin-street with 姓名,手机号,是否助餐
liu takes the form street-list in hand for fuyuan as R2
0 cells of R2 are blank
liu prints R2 and reads 13800000002
# A guard has no business with it.
wang prints R2 and reads 13800000002 refused access.no_right
