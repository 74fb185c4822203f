<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
    <context>
        <name>GrueneInfra</name>
        <message>
            <source>AS_OF must be a date such as 2026-12-31, not “{value}”.</source>
            <translation>AS_OF muss ein Datum wie 2026-12-31 sein, nicht „{value}“.</translation>
        </message>
        <message>
            <source>Areas are measured in {crs}.</source>
            <translation>Flächen werden in {crs} gemessen.</translation>
        </message>
        <message>
            <source>Buildings</source>
            <translation>Gebäude</translation>
        </message>
        <message>
            <source>Buildings in 2015</source>
            <translation>Gebäude 2015</translation>
        </message>
        <message>
            <source>COMPARE_WIDTHS must be widths in metres such as 100, 200.</source>
            <translation>COMPARE_WIDTHS muss Breiten in Metern nennen, zum Beispiel 100, 200.</translation>
        </message>
        <message>
            <source>Cancelled. No result was written.</source>
            <translation>Abgebrochen. Es wurde kein Ergebnis geschrieben.</translation>
        </message>
        <message>
            <source>EXTENT has no area.</source>
            <translation>EXTENT hat keine Fläche.</translation>
        </message>
        <message>
            <source>FOLDER: no folder {path}.</source>
            <translation>FOLDER: Es gibt keinen Ordner {path}.</translation>
        </message>
        <message>
            <source>FOLDER: {path} holds no file ending in {suffixes}.</source>
            <translation>FOLDER: {path} enthält keine Datei mit der Endung {suffixes}.</translation>
        </message>
        <message>
            <source>Floodplains</source>
            <translation>Überschwemmungsgebiete</translation>
        </message>
        <message>
            <source>Give a FOLDER with LoD2 tiles, or TILES.</source>
            <translation>Einen FOLDER mit LoD2-Kacheln oder TILES angeben.</translation>
        </message>
        <message>
            <source>Green corridors</source>
            <translation>Grünzüge</translation>
        </message>
        <message>
            <source>MAPS: the image cannot be used ({reason}).</source>
            <translation>MAPS: Das Bild ist nicht verwendbar ({reason}).</translation>
        </message>
        <message>
            <source>Map of {count} layers drawn at 1 : {scale} in {crs}.</source>
            <translation>Karte aus {count} Layern im Maßstab 1 : {scale} in {crs} gezeichnet.</translation>
        </message>
        <message>
            <source>Municipalities</source>
            <translation>Gemeinden</translation>
        </message>
        <message>
            <source>No layer reaches into the area to be drawn, {wanted}. The first layer lies in {found} ({crs}).</source>
            <translation>Kein Layer reicht in den zu zeichnenden Bereich {wanted}. Der erste Layer liegt in {found} ({crs}).</translation>
        </message>
        <message>
            <source>OUTPUT must be a file ending in .png, not {path}.</source>
            <translation>OUTPUT muss eine Datei mit der Endung .png sein, nicht {path}.</translation>
        </message>
        <message>
            <source>Open the sample region “Musterstadt”</source>
            <translation>Beispielregion „Musterstadt“ öffnen</translation>
        </message>
        <message>
            <source>Parcels by land use</source>
            <translation>Flurstücke nach Nutzung</translation>
        </message>
        <message>
            <source>REFERENCE_YEAR needs YEAR_FIELD: which field holds the year?</source>
            <translation>REFERENCE_YEAR braucht YEAR_FIELD: In welchem Feld steht das Jahr?</translation>
        </message>
        <message>
            <source>Railways</source>
            <translation>Bahnstrecken</translation>
        </message>
        <message>
            <source>SUMMARIES: the table {table} cannot be read.</source>
            <translation>SUMMARIES: Die Tabelle {table} kann nicht gelesen werden.</translation>
        </message>
        <message>
            <source>Source: {source}</source>
            <translation>Quelle: {source}</translation>
        </message>
        <message>
            <source>Space types</source>
            <translation>Raumtypen</translation>
        </message>
        <message>
            <source>Strategy and report</source>
            <translation>Strategie und Bericht</translation>
        </message>
        <message>
            <source>Streams and rivers</source>
            <translation>Bäche und Flüsse</translation>
        </message>
        <message>
            <source>Streets and tracks</source>
            <translation>Straßen und Wege</translation>
        </message>
        <message>
            <source>TILES: no file {path}.</source>
            <translation>TILES: Es gibt keine Datei {path}.</translation>
        </message>
        <message>
            <source>The Python package Jinja2 is missing (Debian: python3-jinja2).</source>
            <translation>Das Python-Paket Jinja2 fehlt (Debian: python3-jinja2).</translation>
        </message>
        <message>
            <source>The layer {value} cannot be read.</source>
            <translation>Der Layer {value} kann nicht gelesen werden.</translation>
        </message>
        <message>
            <source>The legend is larger than its column. Choose a larger page.</source>
            <translation>Die Legende ist größer als ihre Spalte. Eine größere Seite wählen.</translation>
        </message>
        <message>
            <source>The map is too large to draw. Lower its size or resolution.</source>
            <translation>Die Karte ist zu groß zum Zeichnen. Größe oder Auflösung verringern.</translation>
        </message>
        <message>
            <source>The network is too large for a whole work plan: gewinn_folge_ha is known for {count} gaps.</source>
            <translation>Das Netz ist zu groß für einen ganzen Arbeitsplan: gewinn_folge_ha ist nur für {count} Lücken bekannt.</translation>
        </message>
        <message>
            <source>The sample data are missing from the plugin: {path}</source>
            <translation>Die Beispieldaten fehlen im Plugin: {path}</translation>
        </message>
        <message>
            <source>The sample data cannot be copied to {folder}: {reason}</source>
            <translation>Die Beispieldaten können nicht nach {folder} kopiert werden: {reason}</translation>
        </message>
        <message>
            <source>The sample data cannot be read: {path}</source>
            <translation>Die Beispieldaten können nicht gelesen werden: {path}</translation>
        </message>
        <message>
            <source>The tables hold nothing but regional means. Give the tables of the single analyses.</source>
            <translation>Die Tabellen enthalten nur regionale Mittel. Die Tabellen der einzelnen Auswertungen angeben.</translation>
        </message>
        <message>
            <source>The two dates are shifted by {shift} m. Align them first.</source>
            <translation>Die beiden Stände sind um {shift} m gegeneinander verschoben. Zuerst angleichen.</translation>
        </message>
        <message>
            <source>There is no building in {files}.</source>
            <translation>In {files} ist kein Gebäude.</translation>
        </message>
        <message>
            <source>There is nothing to draw. Give at least one layer with features.</source>
            <translation>Es gibt nichts zu zeichnen. Mindestens ein Layer mit Objekten ist nötig.</translation>
        </message>
        <message>
            <source>Two areas cannot be overlaid: {reason}.</source>
            <translation>Zwei Flächen können nicht verschnitten werden: {reason}.</translation>
        </message>
        <message>
            <source>Waters</source>
            <translation>Gewässer</translation>
        </message>
        <message>
            <source>YEAR_FIELD needs REFERENCE_YEAR: from which year on is a building new?</source>
            <translation>YEAR_FIELD braucht REFERENCE_YEAR: Ab welchem Jahr ist ein Gebäude neu?</translation>
        </message>
        <message>
            <source>an assessed row needs zaehler and a nenner above 0, or no mean can be computed.</source>
            <translation>Eine bewertete Zeile braucht zaehler und einen nenner über 0, sonst lässt sich kein Mittel bilden.</translation>
        </message>
        <message>
            <source>does not follow from value, target, coverage and day, which give “{value}”.</source>
            <translation>folgt nicht aus Wert, Ziel, Abdeckung und Stichtag, die „{value}“ ergeben.</translation>
        </message>
        <message>
            <source>does not follow from zaehler and nenner, which give {value}.</source>
            <translation>folgt nicht aus zaehler und nenner, die {value} ergeben.</translation>
        </message>
        <message>
            <source>it cannot be read</source>
            <translation>er kann nicht gelesen werden</translation>
        </message>
        <message>
            <source>it has no extent</source>
            <translation>er hat keine Ausdehnung</translation>
        </message>
        <message>
            <source>it is a table without geometries</source>
            <translation>er ist eine Tabelle ohne Geometrien</translation>
        </message>
        <message>
            <source>it is empty</source>
            <translation>er ist leer</translation>
        </message>
        <message>
            <source>no value.</source>
            <translation>kein Wert.</translation>
        </message>
        <message>
            <source>the XML is broken or cut off</source>
            <translation>das XML ist fehlerhaft oder abgeschnitten</translation>
        </message>
        <message>
            <source>the column is missing.</source>
            <translation>Die Spalte fehlt.</translation>
        </message>
        <message>
            <source>the coordinates of a ring cannot be read</source>
            <translation>die Koordinaten eines Rings sind nicht lesbar</translation>
        </message>
        <message>
            <source>yyyy-MM-dd</source>
            <translation>dd.MM.yyyy</translation>
        </message>
        <message>
            <source>{area}: {indicator} has more than one headline; the definition {definition} is shown among the other definitions.</source>
            <translation>{area}: {indicator} hat mehr als einen Leitwert; die Definition {definition} steht bei den anderen Definitionen.</translation>
        </message>
        <message>
            <source>{corridors} corridors, {parts} connected parts, {gaps} gaps.</source>
            <translation>{corridors} Grünzüge, {parts} zusammenhängende Teile, {gaps} Lücken.</translation>
        </message>
        <message>
            <source>{count} LoD1 buildings come without roof faces.</source>
            <translation>{count} LoD1-Gebäude haben keine Dachflächen.</translation>
        </message>
        <message>
            <source>{count} LoD2 buildings have no roof faces.</source>
            <translation>{count} LoD2-Gebäude haben keine Dachflächen.</translation>
        </message>
        <message>
            <source>{count} buildings repeat another one exactly and are counted once.</source>
            <translation>{count} Gebäude wiederholen ein anderes genau und zählen einmal.</translation>
        </message>
        <message>
            <source>{count} buildings stand in several tiles and come once.</source>
            <translation>{count} Gebäude stehen in mehreren Kacheln und erscheinen einmal.</translation>
        </message>
        <message>
            <source>{count} buildings without geometry, left out.</source>
            <translation>{count} Gebäude ohne Geometrie, ausgelassen.</translation>
        </message>
        <message>
            <source>{count} numbers are no ring of x, y, z</source>
            <translation>{count} Zahlen ergeben keinen Ring aus x, y, z</translation>
        </message>
        <message>
            <source>{count} parts lie farther than MAX_GAP from the rest of their corridor. They are not counted as interruptions.</source>
            <translation>{count} Teile liegen weiter als MAX_GAP vom Rest ihres Grünzugs. Sie zählen nicht als Unterbrechung.</translation>
        </message>
        <message>
            <source>{count} roof faces cover no ground, left out.</source>
            <translation>{count} Dachflächen überdecken keinen Grund, ausgelassen.</translation>
        </message>
        <message>
            <source>{count} roof faces have the roof form 9999: level in the model only.</source>
            <translation>{count} Dachflächen haben die Dachform 9999: nur im Modell eben.</translation>
        </message>
        <message>
            <source>{count} rows were computed for a day after {day}.</source>
            <translation>{count} Zeilen wurden für einen Tag nach dem {day} berechnet.</translation>
        </message>
        <message>
            <source>{file} cannot be read: {reason}.</source>
            <translation>{file} kann nicht gelesen werden: {reason}.</translation>
        </message>
        <message>
            <source>{file} holds LoD1 buildings only: their roofs are level by construction, no evidence. Use LoD2 tiles.</source>
            <translation>{file} enthält nur LoD1-Gebäude: Deren Dächer sind durch die Konstruktion eben und kein Beleg. LoD2-Kacheln verwenden.</translation>
        </message>
        <message>
            <source>{file} is no CityGML file: its root element is “{root}”.</source>
            <translation>{file} ist keine CityGML-Datei: Das Wurzelelement ist „{root}“.</translation>
        </message>
        <message>
            <source>{file}, line {line}: {what} ({detail}).</source>
            <translation>{file}, Zeile {line}: {what} ({detail}).</translation>
        </message>
        <message>
            <source>{file}: the CRS “{crs}” is not ETRS89/UTM 31, 32 or 33.</source>
            <translation>{file}: Das Bezugssystem „{crs}“ ist nicht ETRS89/UTM 31, 32 oder 33.</translation>
        </message>
        <message>
            <source>{file}: the namespace “{found}” is none of CityGML 1.0 or 2.0 ({expected}).</source>
            <translation>{file}: Der Namensraum „{found}“ gehört nicht zu CityGML 1.0 oder 2.0 ({expected}).</translation>
        </message>
        <message>
            <source>{given} rows read, {kept} kept, {means} regional means computed.</source>
            <translation>{given} Zeilen gelesen, {kept} behalten, {means} regionale Mittel berechnet.</translation>
        </message>
        <message>
            <source>{layer} and {other} lie apart. Are their CRS right?</source>
            <translation>{layer} und {other} liegen auseinander. Stimmen ihre Bezugssysteme?</translation>
        </message>
        <message>
            <source>{layer} comes in {found}, where areas are not true.</source>
            <translation>{layer} liegt in {found} vor, dort sind Flächen nicht wahr.</translation>
        </message>
        <message>
            <source>{layer} has no CRS. Set the one its coordinates are in.</source>
            <translation>{layer} hat kein Koordinatenbezugssystem. Das zuweisen, in dem die Koordinaten vorliegen.</translation>
        </message>
        <message>
            <source>{layer} has no coordinate reference system. Set the one its coordinates are in (layer properties, Source) and run again.</source>
            <translation>{layer} hat kein Koordinatenbezugssystem. Das zuweisen, in dem die Koordinaten vorliegen (Layereigenschaften, Quelle), und erneut starten.</translation>
        </message>
        <message>
            <source>{layer} has no feature with a usable geometry.</source>
            <translation>{layer} hat kein Objekt mit brauchbarer Geometrie.</translation>
        </message>
        <message>
            <source>{layer} has no field “{field}”. Its fields are: {fields}.</source>
            <translation>{layer} hat kein Feld „{field}“. Vorhanden sind: {fields}.</translation>
        </message>
        <message>
            <source>{layer} holds no polygon with raumtyp = Innenstadt.</source>
            <translation>{layer} enthält kein Polygon mit raumtyp = Innenstadt.</translation>
        </message>
        <message>
            <source>{layer} is empty: it has no features to analyse.</source>
            <translation>{layer} ist leer: Es gibt keine Objekte auszuwerten.</translation>
        </message>
        <message>
            <source>{layer} is not drawn: {reason}.</source>
            <translation>{layer} wird nicht gezeichnet: {reason}.</translation>
        </message>
        <message>
            <source>{layer} must hold {expected}, but holds {found}.</source>
            <translation>{layer} muss {expected} enthalten, enthält aber {found}.</translation>
        </message>
        <message>
            <source>{layer} reaches beyond the area of {crs}, the map's CRS. Check the layer's own, or give EXTENT.</source>
            <translation>{layer} reicht über den Bereich von {crs}, dem Bezugssystem der Karte, hinaus. Das des Layers prüfen oder EXTENT angeben.</translation>
        </message>
        <message>
            <source>{layer}: choose AREAS_NAME among {fields}.</source>
            <translation>{layer}: AREAS_NAME wählen aus {fields}.</translation>
        </message>
        <message>
            <source>{layer}: its coordinates cannot be in {crs}. Set its CRS right.</source>
            <translation>{layer}: Die Koordinaten können nicht in {crs} liegen. Das Bezugssystem richtig zuweisen.</translation>
        </message>
        <message>
            <source>{layer}: lines without a width; the strip is not assessable.</source>
            <translation>{layer}: Linien ohne Breite; der Randstreifen ist nicht bewertbar.</translation>
        </message>
        <message>
            <source>{layer}: no metric CRS fits {found} here. Reproject it first.</source>
            <translation>{layer}: Kein metrisches Bezugssystem passt hier zu {found}. Zuerst umprojizieren.</translation>
        </message>
        <message>
            <source>{layer}: no part reaches MIN_AREA. Lower it.</source>
            <translation>{layer}: kein Teil erreicht MIN_AREA. Bitte den Wert senken.</translation>
        </message>
        <message>
            <source>{layer}: the field “{field}” is used for {parameter}.</source>
            <translation>{layer}: Das Feld „{field}“ wird für {parameter} verwendet.</translation>
        </message>
        <message>
            <source>{layer}: {count} curved geometries straightened.</source>
            <translation>{layer}: {count} gekrümmte Geometrien begradigt.</translation>
        </message>
        <message>
            <source>{layer}: {count} features read.</source>
            <translation>{layer}: {count} Objekte gelesen.</translation>
        </message>
        <message>
            <source>{layer}: {count} features without a name are taken as one corridor of their own.</source>
            <translation>{layer}: {count} Objekte ohne Namen gelten als ein eigener Grünzug.</translation>
        </message>
        <message>
            <source>{layer}: {count} invalid geometries repaired.</source>
            <translation>{layer}: {count} ungültige Geometrien repariert.</translation>
        </message>
        <message>
            <source>{layer}: {count} level faces of unknown form: no evidence.</source>
            <translation>{layer}: {count} ebene Dachflächen unbekannter Form: kein Beleg.</translation>
        </message>
        <message>
            <source>{layer}: {count} parts below MIN_AREA are left out.</source>
            <translation>{layer}: {count} Teile unter MIN_AREA bleiben außer Betracht.</translation>
        </message>
        <message>
            <source>{layer}: {count} unusable geometries left out.</source>
            <translation>{layer}: {count} unbrauchbare Geometrien ausgelassen.</translation>
        </message>
        <message>
            <source>{layer}: {count} without geometry, left out.</source>
            <translation>{layer}: {count} ohne Geometrie, ausgelassen.</translation>
        </message>
        <message>
            <source>{one} and {other} contradict each other: {indicator} / {definition} of the same area and day, but different in the column {column} ({left}, {right}). Leave one of them out.</source>
            <translation>{one} und {other} widersprechen sich: {indicator} / {definition} für dasselbe Gebiet und denselben Tag, aber verschieden in der Spalte {column} ({left}, {right}). Eine von beiden weglassen.</translation>
        </message>
        <message>
            <source>{one} and {other} hold {indicator} / {definition} in different units ({column}: {left}, {right}) and cannot be averaged. Compute both anew with the same version of the plugin.</source>
            <translation>{one} und {other} enthalten {indicator} / {definition} in verschiedenen Einheiten ({column}: {left}, {right}) und lassen sich nicht mitteln. Beide mit derselben Version des Plugins neu berechnen.</translation>
        </message>
        <message>
            <source>{output} would overwrite {other}. Choose another place.</source>
            <translation>{output} würde {other} überschreiben. Einen anderen Ort wählen.</translation>
        </message>
        <message>
            <source>{parameter}: the layer {value} cannot be read.</source>
            <translation>{parameter}: Der Layer {value} kann nicht gelesen werden.</translation>
        </message>
        <message>
            <source>{path} cannot be written: choose a file in an existing folder.</source>
            <translation>{path} kann nicht geschrieben werden: Eine Datei in einem vorhandenen Ordner wählen.</translation>
        </message>
        <message>
            <source>{path} cannot be written: {reason}.</source>
            <translation>{path} kann nicht geschrieben werden: {reason}.</translation>
        </message>
        <message>
            <source>{path} could not be written.</source>
            <translation>{path} konnte nicht geschrieben werden.</translation>
        </message>
        <message>
            <source>{path}: only {found} of {written} rows were stored.</source>
            <translation>{path}: Nur {found} von {written} Zeilen wurden gespeichert.</translation>
        </message>
        <message>
            <source>{place}, column {column}: {problem}</source>
            <translation>{place}, Spalte {column}: {problem}</translation>
        </message>
        <message>
            <source>{raster} cannot be read as a raster.</source>
            <translation>{raster} kann nicht als Raster gelesen werden.</translation>
        </message>
        <message>
            <source>{raster} cannot be read: {reason}.</source>
            <translation>{raster} kann nicht gelesen werden: {reason}.</translation>
        </message>
        <message>
            <source>{raster} cannot be transformed from {found} to {crs}.</source>
            <translation>{raster} kann nicht von {found} nach {crs} transformiert werden.</translation>
        </message>
        <message>
            <source>{raster} comes in {found} and is transformed to {crs}.</source>
            <translation>{raster} liegt in {found} vor und wird nach {crs} transformiert.</translation>
        </message>
        <message>
            <source>{raster} has cells of {size} m. Above {limit} m a roof has too few cells to have a slope: use a surface model of 1 m or finer.</source>
            <translation>{raster} hat Zellen von {size} m. Über {limit} m hat ein Dach zu wenige Zellen für eine Neigung: ein Oberflächenmodell mit 1 m oder feiner verwenden.</translation>
        </message>
        <message>
            <source>{raster} has no CRS. Set the one its coordinates are in.</source>
            <translation>{raster} hat kein Koordinatenbezugssystem. Das zuweisen, in dem die Koordinaten vorliegen.</translation>
        </message>
        <message>
            <source>{raster} has no band {band}.</source>
            <translation>{raster} hat keinen Kanal {band}.</translation>
        </message>
        <message>
            <source>{raster} has no value for any of {count} polygons. Choose one that covers them.</source>
            <translation>{raster} hat für keines von {count} Polygonen einen Wert. Bitte ein Raster wählen, das sie abdeckt.</translation>
        </message>
        <message>
            <source>{raster} has no values for {outside} of {count} polygons and covers {partly} partly.</source>
            <translation>{raster} hat keine Werte für {outside} von {count} Polygonen und deckt {partly} teilweise.</translation>
        </message>
        <message>
            <source>{raster} holds values from {values}. A vegetation raster holds −1 … 1 or 0 … 255: choose the band of the index, or declare its nodata value.</source>
            <translation>{raster} enthält Werte von {values}. Ein Vegetationsraster enthält −1 … 1 oder 0 … 255: den Kanal des Index wählen oder den NoData-Wert angeben.</translation>
        </message>
        <message>
            <source>{raster} holds values from {values}: the threshold {threshold} must be given in that scale too.</source>
            <translation>{raster} enthält Werte von {values}: Auch der Schwellenwert {threshold} muss in dieser Skala stehen.</translation>
        </message>
        <message>
            <source>{raster} holds {value}, which is no height in metres. Declare it as nodata.</source>
            <translation>{raster} enthält {value}, das ist keine Höhe in Metern. Den Wert als NoData angeben.</translation>
        </message>
        <message>
            <source>{raster} is a web service. Save the area as a file first.</source>
            <translation>{raster} ist ein Webdienst. Zuerst den Bereich als Datei speichern.</translation>
        </message>
        <message>
            <source>{raster} is turned or has no position. Warp it to north up first.</source>
            <translation>{raster} ist gedreht oder hat keine Lage. Zuerst nach Norden entzerren.</translation>
        </message>
        <message>
            <source>{raster}: cells are averaged to {size} m.</source>
            <translation>{raster}: Zellen werden auf {size} m gemittelt.</translation>
        </message>
        <message>
            <source>{table} is empty: it holds no findings.</source>
            <translation>{table} ist leer: Sie enthält keine Befunde.</translation>
        </message>
        <message>
            <source>{table} is not a table of findings: the columns {columns} are missing. Of a GeoPackage with several tables, name the one that is meant: file.gpkg|layername=name.</source>
            <translation>{table} ist keine Befundtabelle: Es fehlen die Spalten {columns}. Bei einem GeoPackage mit mehreren Tabellen die gemeinte nennen: datei.gpkg|layername=name.</translation>
        </message>
        <message>
            <source>{table}, row {row}</source>
            <translation>{table}, Zeile {row}</translation>
        </message>
        <message>
            <source>{tiles} tiles: {buildings} buildings, {faces} roof faces.</source>
            <translation>{tiles} Kacheln: {buildings} Gebäude, {faces} Dachflächen.</translation>
        </message>
        <message>
            <source>{x}, {y} is no place in ETRS89/UTM, east before north</source>
            <translation>{x}, {y} ist kein Ort in ETRS89/UTM, Ostwert vor Nordwert</translation>
        </message>
        <message>
            <source>“{value}” is not possible here.</source>
            <translation>„{value}“ ist hier nicht möglich.</translation>
        </message>
    </context>
</TS>
