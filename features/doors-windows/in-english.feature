# language: en
Feature: A paid repair, told in English
  Every step of scenarios exists in Chinese and in English; this one keeps the English ones in use.

  Background:
    Given the workflow "doors-windows"
    And it is now "2026-03-02 08:30"
    And Production worker "Qin" is on the staff
    And "Qin" is qualified as "window"
    And Customer service "Li" opened "Repair reported" as "the window"
      | field  | value          |
      | Estate | Sunny Gardens  |
      | Fault  | does not close |
    And Customer service "Li" takes "Registration form filled in"
      | field             | value       |
      | Customer's name   | Wang Fang   |
      | Telephone         | 13800001234 |
      | Address           | 3-501       |
      | Way of the report | Telephone   |
      | Reported by       | Customer    |
      | Product           | Window      |
      | Where             | living room |
      | Class of repair   | Seal        |
    And the rows of "Repair plan":
      | Task         |
      | new weather strip |
    And Customer service "Li" takes "Confirmed with the customer"
      | field                       | value             |
      | Exact content of the repair | new weather strip |
      | Time of the repair          | 2026-03-07 09:00  |
      | Rough amount                | 200               |
      | In warranty                 | no                |

  @DW-015
  Scenario: No dispatch without consent
    When Service supervisor "Wang" takes "Dispatched" on "Repair"
      | field   | value    |
      | Urgency | Ordinary |
    Then it is refused because "needs the property manager's or the customer's consent first"
    And it is refused under rule "DW-015"
    And "Repair" is in "Awaiting consent"
    And "Who agreed" is not set
    And "Agreed to the charge" is not recorded
    And nothing else has changed

  @DW-015 @DW-006
  Scenario: Dispatch after the property manager agreed
    Given Property manager through Customer service "Li" takes "Agreed to the charge"
      | field      | value     |
      | Who agreed | Mrs. Wang |
    When Service supervisor "Wang" takes "Dispatched"
      | field   | value    |
      | Urgency | Ordinary |
    Then it is done
    And "Agreed to the charge" is recorded by Property manager "Li"
    And "Agreed to the charge" is recorded under rule "DW-015"
    And "Repair" is in "Under way"
    And "Worker" of "Visit 1" is "Qin"
    And Production worker can take "Went to the site"
    And Engineering worker cannot take "Went to the site"
    And "Slip made out" can be taken
    And "Hours and expenses accounted" cannot be taken
    And "Repair plan" has 1 rows
    And the case has no open finding
    And the case is not closed
