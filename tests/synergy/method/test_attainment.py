from tongyuan.synergy.method.attainment import ATTAINMENT, double_attainment


def test_quadrants_at_their_edges() -> None:
    code = double_attainment(
        [35, 36, 35, 40],
        [160, 100, 161, 100],
        [10, 10, 10, 10],
        [9, 9, 9, 10],
        pm25_limit=35,
        ozone_limit=160,
    )
    assert [ATTAINMENT[k] for k in code] == ["both", "carbon_only", "carbon_only", "neither"]
    assert ATTAINMENT[double_attainment(30, 100, 10, 10, 35, 160)] == "air_only"
