from tests.unit.language.checks.marks import expect


def test_the_first_opening_requires_nothing():
    expect(["first-opening-asks"], ("form: [phone], start", "form: [¦phone!], start"))
