# A refusal, told honestly.
the day is 2026-03-02
place xihu is the district 西湖区
place wenxin is the street 文新街道 in xihu
place fuyuan is the compound 府苑新村 in wenxin
place b3 is the building 3幢 in fuyuan
duty grid-worker at fuyuan: liu for fuyuan-community
zhao lives in fuyuan
community runs the desk of fuyuan

09:00 zhao reports illegal-building at b3 "对面在加盖" as C1
liu refuses C1 because 不想管 refused cases.not_yours
community refuses C1 refused cases.reason_needed
09:30 community refuses C1 because "该处有规划许可证（编号可在社区查阅）"
case C1 is refused
case C1 ended refused
zhao hears "不予受理：该处有规划许可证"
zhao rates C1 1 refused evaluations.not_yet
