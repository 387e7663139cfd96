# What cameras see of places over time, from the detection to the duty, judged by the ready-made rules.
the day is 2026-03-02
place xihu is the district 西湖区
place wenxin is the street 文新街道 in xihu
place fuyuan is the compound 府苑新村 in wenxin
place b3 is the building 3幢 in fuyuan
duty guard at fuyuan: wang for fuyuan-estate
duty cleaner at fuyuan: old-chen for fuyuan-estate
duty estate-office at fuyuan: manager for fuyuan-estate
manager runs the desk of fuyuan
the ready-made rule fire-lane-blocked judges
the ready-made rule crowd judges
the ready-made rule loitering-at-night judges
the ready-made rule lights-left-on judges
the ready-made rule fall judges
the ready-made rule bin-full-camera judges
the area-camera lane-eye hangs at b3
the care-camera hall-eye hangs at b3
the bin-camera bin-eye hangs at b3

# A lorry stands in the fire lane. The eyes tell it again while it stands; one duty comes of it.
08:00 lane-eye sees fire_lane_blocked with 0.3
no case fire-lane-blocked is open at b3
08:01 lane-eye sees fire_lane_blocked with 0.8
fire-lane-blocked stands at lane-eye
a case fire-lane-blocked opens at b3 as C1
case C1 is held by wang
08:05 lane-eye sees fire_lane_blocked with 0.8
fire-lane-blocked stands at lane-eye
wang accepts C1
# The camera breaks: nobody saw the lane free. When its watch ends it says so, and that it does not know.
09:30 fire-lane-blocked stands at lane-eye
09:31 lane-eye sees fire_lane_blocked_over with 0
fire-lane-blocked stands at lane-eye
# It is seen free.
09:40 lane-eye sees fire_lane_blocked_over with 1
fire-lane-blocked does not stand at lane-eye

# A crowd, which goes home by itself.
10:00 lane-eye sees crowd with 0.6
a case crowd opens at b3 as C2
case C2 is held by wang
10:40 crowd stands at lane-eye
10:46 lane-eye sees crowd_over with 1
crowd does not stand at lane-eye

# Who waits for a lift by day is nobody's business; at night somebody looks.
15:00 lane-eye sees loitering with 0.8
no case stranger is open at b3
23:00 lane-eye sees loitering with 0.8
a case stranger opens at b3 as C3
case C3 is held by wang

# Light where nobody is.
23:30 lane-eye sees lights_left_on with 0.9
lights-left-on stands at lane-eye
a case other opens at b3 as C4
23:45 lane-eye sees lights_left_on_over with 1
lights-left-on does not stand at lane-eye

# Somebody fell. The detector may lose them for some minutes; the duty stays.
2026-03-03 10:00 hall-eye sees fall with 0.7
fall stands at hall-eye
a case fall opens at b3 as C5
case C5 is held by wang
10:40 fall stands at hall-eye
10:41 hall-eye sees fall_over with 1
fall does not stand at hall-eye

# The camera says that the bin is full. Where a level sensor speaks, it has the last word.
11:00 bin-eye measures level 30
11:01 bin-eye sees overflow with 0.8
bin-full-camera does not stand at bin-eye
11:30 bin-eye measures level 85
11:31 bin-eye sees overflow with 0.8
bin-full-camera stands at bin-eye
a case bin-full opens at b3 as C6
case C6 is held by old-chen
11:33 bin-eye sees overflow_over with 1
bin-full-camera stands at bin-eye
11:35 bin-eye measures level 20
bin-full-camera does not stand at bin-eye

# A sensor that fell silent says nothing any more: the camera is believed.
18:00 bin-eye sees overflow with 0.8
bin-full-camera stands at bin-eye
