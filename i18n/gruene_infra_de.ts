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
            <source>Cancelled. No result was written.</source>
            <translation>Abgebrochen. Es wurde kein Ergebnis geschrieben.</translation>
        </message>
        <message>
            <source>EXTENT has no area.</source>
            <translation>EXTENT hat keine Fläche.</translation>
        </message>
        <message>
            <source>Floodplains</source>
            <translation>Überschwemmungsgebiete</translation>
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
            <source>the column is missing.</source>
            <translation>Die Spalte fehlt.</translation>
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
            <source>{count} buildings repeat another one exactly and are counted once.</source>
            <translation>{count} Gebäude wiederholen ein anderes genau und zählen einmal.</translation>
        </message>
        <message>
            <source>{count} rows were computed for a day after {day}.</source>
            <translation>{count} Zeilen wurden für einen Tag nach dem {day} berechnet.</translation>
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
            <source>{layer}: {count} invalid geometries repaired.</source>
            <translation>{layer}: {count} ungültige Geometrien repariert.</translation>
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
            <source>“{value}” is not possible here.</source>
            <translation>„{value}“ ist hier nicht möglich.</translation>
        </message>
    </context>
</TS>
