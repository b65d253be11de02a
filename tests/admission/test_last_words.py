"""What a run prints at its end."""

from cartend.admission.last_words import count_of_stops, errors_that_decide

HEAD = "finding_id,severity,domain,usubjid,touches,primary,records,count,message\n"


def test_a_stopped_run_ends_with_the_number_of_stops_and_where_they_stand(tmp_path):
    path = tmp_path / "stops.csv"
    path.write_text("id,what,count,sentence,way_out\nS-SET,INF,1,s,w\nS-ARM,X,1,s,w\n")
    assert count_of_stops(path) == [f"2 stops; listed with the way out in {path}"]
    path.write_text("id,what,count,sentence,way_out\n")
    assert count_of_stops(path) == []


def test_a_finished_run_ends_with_the_errors_that_touch_its_primary_endpoint(tmp_path):
    path = tmp_path / "findings.csv"
    path.write_text(
        HEAD
        + "F-1,error,RS,B,ORR,Y,RSSEQ 1,1,odd\nF-1,error,RS,A,ORR,Y,RSSEQ 1,1,odd\n"
        + "F-2,error,DM,,ORR,Y,,1,whole\nF-3,error,SS,A,OS,N,,1,not it\n"
        + "F-4,warning,RS,A,ORR,Y,,1,no error\n"
    )
    assert errors_that_decide("own", path) == [
        "own: error F-1 touches the primary endpoint in 2 subjects, first A: odd",
        "own: error F-2 touches the primary endpoint in the whole study: whole",
    ]
