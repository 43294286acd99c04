"""Names of countries, states and large towns: a place alone is no client detail, and which law applies may depend on it."""

from __future__ import annotations

PLACES = frozenset(
    (
        "afghanistan|albania|algeria|andorra|angola|argentina|armenia|australia|austria|azerbaijan|bahrain|bangladesh|barbados|belarus|belgium|"
        "bolivia|bosnia|botswana|brazil|brasil|bulgaria|cambodia|cameroon|canada|chile|china|colombia|costa rica|croatia|cuba|cyprus|czechia|"
        "czech republic|denmark|ecuador|egypt|el salvador|england|eritrea|estonia|ethiopia|fiji|finland|france|gambia|georgia|germany|ghana|"
        "gibraltar|greece|greenland|guatemala|guernsey|haiti|honduras|hong kong|hungary|iceland|india|indonesia|iran|iraq|ireland|isle of man|"
        "israel|italy|ivory coast|jamaica|japan|jersey|jordan|kazakhstan|kenya|kosovo|kuwait|latvia|lebanon|liechtenstein|lithuania|luxembourg|"
        "madeira|malaysia|malta|mauritius|mexico|moldova|monaco|mongolia|montenegro|morocco|mozambique|myanmar|namibia|nepal|netherlands|"
        "new zealand|nicaragua|nigeria|north macedonia|northern ireland|norway|oman|pakistan|panama|paraguay|peru|philippines|poland|portugal|"
        "puerto rico|qatar|romania|russia|rwanda|saudi arabia|scotland|senegal|serbia|singapore|slovakia|slovenia|somalia|south africa|south korea|"
        "korea|spain|sri lanka|sudan|sweden|switzerland|syria|taiwan|tanzania|thailand|tunisia|turkey|türkiye|uganda|ukraine|"
        "united arab emirates|united kingdom|great britain|britain|united states|america|uruguay|uzbekistan|vatican|venezuela|vietnam|wales|yemen|"
        "zambia|zimbabwe|europe|africa|asia|european union|scandinavia|channel islands|"
        "alabama|alaska|arizona|arkansas|california|colorado|connecticut|delaware|florida|hawaii|idaho|illinois|indiana|iowa|kansas|kentucky|"
        "louisiana|maine|maryland|massachusetts|michigan|minnesota|mississippi|missouri|montana|nebraska|nevada|new hampshire|new jersey|"
        "new mexico|new york|north carolina|north dakota|ohio|oklahoma|oregon|pennsylvania|rhode island|south carolina|south dakota|tennessee|"
        "texas|utah|vermont|virginia|washington|west virginia|wisconsin|wyoming|ontario|quebec|british columbia|alberta|manitoba|nova scotia|"
        "new south wales|queensland|tasmania|western australia|bavaria|bayern|saxony|sachsen|hessen|hesse|catalonia|andalusia|tuscany|brittany|"
        "amsterdam|antwerp|athens|atlanta|auckland|baltimore|bangkok|barcelona|basel|bath|beijing|belfast|berlin|bern|bilbao|birmingham|bonn|"
        "bologna|bordeaux|boston|bradford|bremen|brighton|brisbane|bristol|brno|brooklyn|brussels|bruxelles|bucharest|budapest|cairo|calgary|cambridge|"
        "canberra|cape town|cardiff|chicago|cologne|copenhagen|cork|coventry|dallas|delhi|denver|derby|detroit|dortmund|dresden|dubai|dublin|"
        "dundee|düsseldorf|edinburgh|essen|exeter|florence|frankfurt|galway|geneva|genoa|ghent|glasgow|graz|hamburg|hannover|helsinki|houston|hull|"
        "innsbruck|istanbul|johannesburg|kraków|krakow|köln|lagos|lausanne|leeds|leicester|leipzig|lille|lima|lisbon|liverpool|london|"
        "los angeles|lyon|madrid|malaga|manchester|marseille|melbourne|mexico city|miami|milan|minneapolis|montreal|moscow|mumbai|münchen|munich|nantes|"
        "naples|newcastle|nice|norwich|nottingham|nuremberg|oslo|ottawa|oxford|palermo|paris|perth|philadelphia|phoenix|plymouth|"
        "portland|porto|prague|quebec city|reading|reykjavik|riga|rome|rotterdam|salzburg|san diego|san francisco|seattle|seoul|seville|shanghai|"
        "sheffield|sofia|southampton|stockholm|strasbourg|stuttgart|sydney|tallinn|tel aviv|the hague|tokyo|toronto|toulouse|turin|utrecht|"
        "valencia|vancouver|venice|vienna|vilnius|warsaw|wien|york|zagreb|zurich|zürich|"
        "african|american|arabic|asian|australian|austrian|belgian|british|bulgarian|canadian|catalan|chinese|croatian|czech|danish|dutch|english|"
        "european|finnish|flemish|french|german|greek|hebrew|hindi|hungarian|indian|irish|italian|japanese|korean|latin|mandarin|norwegian|polish|"
        "portuguese|romanian|russian|scottish|spanish|swedish|swiss|tamil|turkish|ukrainian|urdu|vietnamese|welsh|"
        "deutschland|österreich|schweiz|frankreich|spanien|italien|polen|belgien|niederlande|allemagne|suisse|espagne|belgique|autriche|italie|"
        "royaume-uni|angleterre|états-unis|alemania|francia|suiza|italia|bélgica|reino unido|estados unidos|españa|inglaterra"
    ).split("|")
)
