// SPDX-License-Identifier: BSL-1.0
// Defines the letters of pictures made of pixels: 6 × 13 of them each, of the font "fixed" of X11, which is in the public domain.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace conform::detail {

inline constexpr std::size_t letter_width = 6, letter_height = 13;

// Code points from `first` on: for each 13 characters, a row of 6 pixels each, as digits of base 64, the leftmost pixel highest.
struct letter_run {
  char32_t first;
  std::string_view rows;
};

inline constexpr std::array<letter_run, 14> letters{{
    {0x20,
     "AAAAAAAAAAAAAAAIIIIIIIAIAAAAUUUAAAAAAAAAAAUU+U+UUAAAAAIeoocKK8IAAAASqUEIQUqkAAAAAQooQomkaAAAAIIIAAAAAAAAAEIIQQQQQIIEA"
     "AQIIEEEEEIIQAAAIqcqIAAAAAAAAAAII+IIAAAAAAAAAAAAAMIQAAAAAAA+AAAAAAAAAAAAAAAIcIAAACCEEIQQggAAAAIUiiiiiUIAAAAIYoIIIII+AA"
     "AAciiCEIQg+AAAA+CEIcCCicAAAAEEMUUk+EEAAAA+ggsyCCicAAAAcigg8iiicAAAA+CEEIIQQQAAAAciiiciiicAAAAciiieCCicAAAAAAIcIAAIcIA"
     "AAAAIcIAAMIQAAACEIQgQIECAAAAAAA+AA+AAAAAAgQIECEIQgAAAAciiCEIIAIAAAAciimqqsgeAAAAIUiii+iiiAAAA8SSScSSS8AAAAcigggggicAA"
     "AA8SSSSSSS8AAAA+ggg8ggg+AAAA+ggg8ggggAAAAcigggmiicAAAAiiii+iiiiAAAAcIIIIIIIcAAAAOEEEEEEkYAAAAiikowokiiAAAAgggggggg+AA"
     "AAii2qqiiiiAAAAiyyqqmmiiAAAAciiiiiiicAAAA8iii8ggggAAAAciiiiiiqcCAAA8iii8okiiAAAAciggcCCicAAAA+IIIIIIIIAAAAiiiiiiiicAA"
     "AAiiiiUUUIIAAAAiiiiqqqqUAAAAiiUUIUUiiAAAAiiUUIIIIIAAAA+CEEIQQg+AAAcQQQQQQQQQcAAAggQQIEECCAAAcEEEEEEEEEcAAAIUiAAAAAAAA"
     "AAAAAAAAAAA+AAIEAAAAAAAAAAAAAAAcCeimaAAAAggg8iiii8AAAAAAAciggicAAAACCCeiiiieAAAAAAAci+gicAAAAMSQQ8QQQQAAAAAAAciiieCic"
     "AAgggsyiiiiAAAAAIAYIIIIcAAAAAEAMEEEEkkYAAgggkowokiAAAAYIIIIIIIcAAAAAAA0qqqqiAAAAAAAsyiiiiAAAAAAAciiiicAAAAAAA8iii8ggg"
     "AAAAAeiiieCCCAAAAAsyggggAAAAAAAciYEicAAAAAQQ8QQQSMAAAAAAAiiiimaAAAAAAAiiiUUIAAAAAAAiiqqqUAAAAAAAiUIIUiAAAAAAAiiimaCic"
     "AAAAA+EIQg+AAAGIIIIwIIIIGAAAIIIIIIIIIAAAwIIIIGIIIIwAAASqkAAAAAAAA"},
    {0xA0,
     "AAAAAAAAAAAAAAAIAIIIIIIIAAAAIcqooqcIAAAAAMSQQ4QQSsAAAAAAicUUciAAAAAiiUU+I+IIAAAAIIIIAIIIIAAAMSQMSSMCSMAAAUUAAAAAAAAAA"
     "Aciq2y2qicAAAAAcCeieA+AAAAAAAAKUooUKAAAAAAAAA+CCAAAAAAAAAAcAAAAAAAci62262icAAAAA+AAAAAAAAAAAAMSSMAAAAAAAAAAII+IIA+AAA"
     "AQoIQ4AAAAAAAAQoQIwAAAAAAAAEIAAAAAAAAAAAAAAAiiiim6ggAAe6666aKKKAAAAAAAAMAAAAAAAAAAAAAAAAAEIAQwQQ4AAAAAAAAAciiicA+AAAA"
     "AAAAoUKKUoAAAAQwQQ4CGKOCAAAQwQQ4EKCEOAAAQoQIoSGKOCAAAAIAIIQgiicAAAQIAIUii+iiAAAEIAIUii+iiAAAMSAIUii+iiAAAKUAIUii+iiAA"
     "AUUAIUii+iiAAAIUIIUii+iiAAAAWooos4oouAAAAcigggggicIQAQIA+gg8gg+AAAEIA+gg8gg+AAAMSA+gg8gg+AAAUUA+gg8gg+AAAQIAcIIIIIcAA"
     "AEIAcIIIIIcAAAMSAcIIIIIcAAAUUAcIIIIIcAAAA8SSS6SSS8AAAKUAiiyqmiiAAAQIAciiiiicAAAEIAciiiiicAAAMSAciiiiicAAAKUAciiiiicAA"
     "AUUAciiiiicAAAAAAAiUIUiAAAACcmmqqqyycgAAQIAiiiiiicAAAEIAiiiiiicAAAMSAiiiiiicAAAUUAiiiiiicAAAEIAiiUIIIIAAAAg8iii8gggAA"
     "AAYkkookiisAAAAQIAcCeimaAAAAEIAcCeimaAAAAMSAcCeimaAAAAKUAcCeimaAAAAUUAcCeimaAAAMSMAcCeimaAAAAAAAcKcoqUAAAAAAAciggicIQ"
     "AAQIAci+gicAAAAEIAci+gicAAAAMSAci+gicAAAAUUAci+gicAAAAQIAYIIIIcAAAAEIAYIIIIcAAAAMSAYIIIIcAAAAUUAYIIIIcAAAUIYEciiiicAA"
     "AAKUAsyiiiiAAAAQIAciiiicAAAAEIAciiiicAAAAMSAciiiicAAAAKUAciiiicAAAAUUAciiiicAAAAAIIA+AIIAAAAAAACcmqqycgAAAQIAiiiimaAA"
     "AAEIAiiiimaAAAAMSAiiiimaAAAAUUAiiiimaAAAAEIAiiimaCicAAAggsyiiysggAAUUAiiimaCicA+AIUii+iiiAAAAA+AcCeimaAAAicAIUii+iiAA"
     "AAicAcCeimaAAAAIUiii+iiiCBAAAAAcCeimaCBAEIAcigggicAAAAEIAciggicAAAMSAcigggicAAAAMSAciggicAAAIIAcigggicAAAAIIAciggicAA"
     "ASMAcigggicAAAASMAciggicAAASMA8SSSSS8AASMACCeiiiieAAAA8SSS6SSS8AAAACHCeiiiieAAA+A+gg8ggg+AAAAA+Aci+gicAAAicA+gg8gg+AA"
     "AAicAci+gicAAAIIA+gg8gg+AAAAIIAci+gicAAAA+ggg8ggg+IEAAAAAci+gicIEASMA+gg8gg+AAAASMAci+gicAAAMSAciggmicAAAAMSAciiieCic"
     "AicAciggmicAAAAicAciiieCicAIIAciggmicAAAAIIAciiieCicAAcigggmiicIQAEIYAciiieCicAMSAiii+iiiAAAMSAggsyiiiAAAAii+i+iiiiAA"
     "AAg8gsyiiiiAAAKUAcIIIIIcAAAAUoAYIIIIcAAA+AcIIIIIIcAAAAA+AYIIIIcAAAicAcIIIIIcAAAAicAYIIIIcAAAAcIIIIIIIcIEAAAIAYIIIIcIE"
     "AIIAcIIIIIcAAAAAAAYIIIIcAAAA3iiiiiiq0AAAAASA2SSSS6SMAMSAOEEEEkYAAAAMSAMEEEEkkYAAiikowokiiQgAAgggkowokiQgAAAAAiko4kiAA"
     "AQgAgggggg+AAEIAYIIIIIIcAAAAgggggggg+IQAAYIIIIIIIcIQAkYAQQQQQQeAAkYAYIIIIIIcAAAAgggkkggg+AAAAYIIKKIIIcAAAAQQYQwQQQeAA"
     "AAYIMIYIIIcAAAEIAiyyqmmiAAAAEIAsyiiiiAAAAiyyqqmmiiQgAAAAAsyiiiiQgASMAiyyqmmiAAAASMAsyiiiiAAAwQgAsyiiiiAAAAiyyqqmmiiKE"
     "AAAAAsyiiiiKEA+AciiiiiicAAAAA+AciiiicAAAicAciiiiicAAAAicAciiiicAAASkAciiiiicAAAASkAciiiicAAAAeooosoooeAAAAAAAUquoqUAA"
     "AEIA8ii8kiiAAAAEIAsyggggAAAA8iii8okiiQgAAAAAsyggggQgAkYA8ii8kiiAAAAkYAsyggggAAAEIAcigcCicAAAAEIAciYEicAAAMSAcigcCicAA"
     "AAMSAciYEicAAAAciggcCCicIQAAAAAciYEicIQASMAcigcCicAAAAkYAciYEicAAAA+IIIIIIIIEIAAAQQ8QQQSMIQASMA+IIIIIIAAAkYAQ8QQQSMAA"
     "AA+IIcIIIIIAAAAAQQ8Q4QSMAAAKUAiiiiiicAAAAKUAiiiimaAAA+AiiiiiiicAAAAA+AiiiimaAAAicAiiiiiicAAAAicAiiiimaAAIUIAiiiiiicAA"
     "AIUIAiiiimaAAASkAiiiiiicAAAASkAiiiimaAAAAiiiiiiiicIEAAAAAiiiimaIEAMSAiiiqq2iAAAAMSAiiqqqUAAAMSAiUUIIIIAAAAMSAiiimaCic"
     "AUUAiUUIIIIAAAEIA+CEIQg+AAAAEIA+EIQg+AAAIIA+CEIQg+AAAAIIA+EIQg+AAASMA+CEIQg+AAAASMA+EIQg+AAAAMSQQwQQQQAA"},
    {0x384,
     "AAEIAAAAAAAAAAEI2AAAAAAAAAAAUqKKKOKKKAAAAAAAIcIAAAAAAAeoIIMIIIOAAAAaqKKOKKKKAAAAekEEEEEEOAA"},
    {0x38C,
     "AAUqKKKKKKEAA"},
    {0x38E,
     "AAaqKKEEEEEAAAAUqKKKKEEKAAAEI2AIIIIKEAAAAIUiii+iiiAAAA8iii8iii8AAAA+ggggggggAAAAIIUUUiii+AAAA+ggg8ggg+AAAA+CEEIQQg+AA"
     "AAiiii+iiiiAAAAciii+iiicAAAAcIIIIIIIcAAAAiikowokiiAAAAIIUUUiiiiAAAAii2qqiiiiAAAAiyyqqmmiiAAAA+AAAcAAA+AAAAciiiiiiicAA"
     "AA+iiiiiiiiAAAA8iii8ggggAA"},
    {0x3A3,
     "AA+gQIEIQg+AAAA+IIIIIIIIAAAAiiUUIIIIIAAAAIcqqqqcIIAAAAiiUUIUUiiAAAAqqqqqcIIIAAAAciiiiiUU2AAA2AcIIIIIIcAAA2AiUUIIIIIAA"
     "AAEIAciiimaAAAAEIAciYgicAAAAEIAsyiiiiCCAAIQAQQQQUIAAAEI2AiiiiicAAAAAAAciiimaAAAAYkk8iiiysggAAAAAiiiUUIIIAAciQciiiicAA"
     "AAAAAciYgicAAAA+IQQggggcCEAAAAAsyiiiiCCAAYkkk8kkkYAAAAAAAQQQQUIAAAAAAAiko4kiAAAAciCamiiiiAAAAAAAiiiim6ggAAAAAiiiUUIAA"
     "AA+IQQMQggcCEAAAAAciiiicAAAAAAA+UUUUUAAAAAAAciiii8ggAAAAAcigggcCMAAAAAekiiicAAAAAAA+IIIIEAAAAAAAiiiiicAAAAAAAsqqqqcII"
     "AAAAAiUUIIUUiAAAAAqqqqqcIIAAAAAiqqqqUAAAAA2AIIIIKEAAAAA2AiiiiicAAAAEIAciiiicAAAAEIAiiiiicAAAAEIAiqqqqUAA"},
    {0x3D0,
     "AAYkksyiiicAAAAMSSPCySSMAAAAiVIIIIIIIAAAAaFUkEEEEEAAA2AiVIIIIIIAAAAAIIcqqqqcIIAAAAA+iqqqUAAAAQIAiSUcUiCMAAciiiiiiicII"
     "AAAAAciiiicIIAAMSgggggcCEAAAAACcggggcCMAA+ggg4ggggAAAAAAA8gg4ggggAAggimqyiCCAAAAIIQQg+CEEIIAAIIUUUmqqqAAAAwIEMSmKSCCC"
     "AAqqqqqqqeC8AAAAAAqqqqeC8AAASqiiieCCCAAAAAAASqieCCAAAAgggsyiiiC8AAAIIIcqqSC8AAAAciSEIQiicAAAAAAciiicgeAAAAUqIUUUii+AA"
     "AAAAAUqIUi+AAAACcgsyiiicAAAAAACcgsyicAAAAcI+qIIIIcAAAAIMI+oIIIIYIAAAAAiSUcUiAAAAAAAciiii8geAAAAAciggicAAAAAEAMEEEEkkY"
     "AAciii+iiicAAAAAAAOQcQQOAAAAAAAcCOCCcAA"},
    {0x400,
     "AQIA+gg8gg+AAAUUA+gg8gg+AAAA+IIMKKKKKCEAIQA+igggggAAAAOQgg8ggQOAAAAciggcCCicAAAAcIIIIIIIcAAAUUA+IIIII+AAAAOEEEEEEkYAA"
     "AAYooosqqqsAAAAoooo8qqqsAAAA+IIMKKKKKAAEIiikowokiiAAAQIAimmqyyiAAAicAiiieCCcAAAAiiiiiiii+IIAAIUiii+iiiAAAA8ggg8iii8AA"
     "AA8iii8iii8AAAA+igggggggAAAAMUUUUUUU+iAAA+ggg8ggg+AAAAqqqcIcqqqAAAAciCCMCCicAAAAiimmqqyyiAAAicAimmqyyiAAAAiikowokiiAA"
     "AAOSSSSSSiiAAAAi22qqiiiiAAAAiiii+iiiiAAAAciiiiiiicAAAA+iiiiiiiiAAAA8iiii8gggAAAAcigggggicAAAA+IIIIIIIIAAAAiiiiieCicAA"
     "AAIcqqqqcIIAAAAiiUUIUUiiAAAAkkkkkkkk+CCAAiiiieCCCCAAAAqqqqqqqq+AAAAqqqqqqqq+CCAAwQQQcSSScAAAAiii6mmmm6AAAAgggg8iii8AA"
     "AA4ECCeCCE4AAAAkqqq6qqqkAAAAeiiieKSiiAAAAAAAcCeimaAAAACcg8iiiicAAAAAAA8i8ii8AAAAAAA+iggggAAAAAAAMUUUU+iAAAAAAci+gicAA"
     "AAAAAqqccqqAAAAAAAciMCicAAAAAAAiimqyiAAAAicAiimqyiAAAAAAAik4kiiAAAAAAAOSSSSiAAAAAAAi2qqiiAAAAAAAii+iiiAAAAAAAciiiicAA"
     "AAAAA+iiiiiAAAAAAA8iii8gggAAAAAciggicAAAAAAA+qIIIIAAAAAAAiiimaCicAAAIIcqqqqcIIAAAAAiUIUiiAAAAAAAkkkkk+CCAAAAAiiieCCAA"
     "AAAAAqqqqq+AAAAAAAqqqqq+CCAAAAAwQcSScAAAAAAAii6mm6AAAAAAAgg8ii8AAAAAAA8COCC8AAAAAAAkqq6qkAAAAAAAeiieSiAAAAQIAci+gicAA"
     "AAUUAci+gicAAAAQ4QUaSSSSCEAAIQA+iggggAAAAAAAeg4ggeAAAAAAAciYEicAAAAAIAYIIIIcAAAAUUAYIIII+AAAAAEAMEEEEkkYAAAAAYosqqsAA"
     "AAAAAoo8qqsAAAAQ4QUaSSSSAAAAIQAik4kiiAAAAQIAiimqyiAAAAicAiiimaCicAAAAAiiiii+II"},
    {0x2019,
     "AAMEIAAAAAAAA"},
    {0x201C,
     "AASk2AAAAAAAAAA2SkAAAAAAAA"},
    {0x2026,
     "AAAAAAAAAAqAA"},
    {0x2192,
     "AAAAAIE+EIAAA"},
    {0x2581,
     "AAAAAAAAAAA//"},
    {0xFFFD,
     "AAc2q622+2cAA"},
}};

// Is the pixel at column x and row y of the letter of a code point set? One without a letter is shown as U+FFFD.
constexpr bool letter_pixel(char32_t c, std::size_t x, std::size_t y) {
  auto const digit = [](char d) -> unsigned {
    return d >= 'a' ? static_cast<unsigned>(d - 'a') + 26
           : d >= 'A' ? static_cast<unsigned>(d - 'A')
           : d >= '0' ? static_cast<unsigned>(d - '0') + 52
                      : d == '+' ? 62 : 63;
  };
  for (auto const& run : letters)
    if (c >= run.first && c - run.first < run.rows.size() / letter_height)
      return (digit(run.rows[(c - run.first) * letter_height + y]) >> (letter_width - 1 - x) & 1u) != 0;
  return c != 0xFFFD && letter_pixel(0xFFFD, x, y);
}

}  // namespace conform::detail
