<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
    <context>
        <name>GrueneInfra</name>
        <message>
            <source>&amp;Apply</source>
            <translation>An&amp;wenden</translation>
        </message>
        <message>
            <source>&amp;Cancel, write nothing</source>
            <translation>A&amp;bbrechen, nichts schreiben</translation>
        </message>
        <message>
            <source>&amp;Check now</source>
            <translation>&amp;Jetzt prüfen</translation>
        </message>
        <message>
            <source>&amp;Close the register</source>
            <translation>Register s&amp;chließen</translation>
        </message>
        <message>
            <source>&amp;Connection</source>
            <translation>&amp;Verbindung</translation>
        </message>
        <message>
            <source>&amp;Goal</source>
            <translation>&amp;Handlungsziel</translation>
        </message>
        <message>
            <source>&amp;Key</source>
            <translation>&amp;Kennzeichen</translation>
        </message>
        <message>
            <source>&amp;Measure everything…</source>
            <translation>Alles &amp;messen…</translation>
        </message>
        <message>
            <source>&amp;Measure everything… ({count} of {total} goals)</source>
            <translation>Alles &amp;messen… ({count} von {total} Zielen)</translation>
        </message>
        <message>
            <source>&amp;Mend</source>
            <translation>&amp;Beheben</translation>
        </message>
        <message>
            <source>&amp;New register (GeoPackage) …</source>
            <translation>&amp;Neues Register (GeoPackage) …</translation>
        </message>
        <message>
            <source>&amp;New search</source>
            <translation>&amp;Neue Suche</translation>
        </message>
        <message>
            <source>&amp;Note</source>
            <translation>&amp;Notiz</translation>
        </message>
        <message>
            <source>&amp;Parcels</source>
            <translation>&amp;Flurstücke</translation>
        </message>
        <message>
            <source>&amp;Recent</source>
            <translation>&amp;Zuletzt geöffnet</translation>
        </message>
        <message>
            <source>&amp;Register</source>
            <translation>Re&amp;gister</translation>
        </message>
        <message>
            <source>&amp;Schema</source>
            <translation>&amp;Schema</translation>
        </message>
        <message>
            <source>&amp;Select</source>
            <translation>&amp;Wählen</translation>
        </message>
        <message>
            <source>&amp;Show</source>
            <translation>Ze&amp;igen</translation>
        </message>
        <message>
            <source>&amp;Status</source>
            <translation>&amp;Status</translation>
        </message>
        <message>
            <source>&amp;Take over findings</source>
            <translation>Befunde über&amp;nehmen</translation>
        </message>
        <message>
            <source>&amp;Undo</source>
            <translation>&amp;Rückgängig</translation>
        </message>
        <message>
            <source>&amp;Write</source>
            <translation>&amp;Schreiben</translation>
        </message>
        <message>
            <source>&amp;Zoom</source>
            <translation>&amp;Zoom</translation>
        </message>
        <message>
            <source>(empty)</source>
            <translation>(leer)</translation>
        </message>
        <message>
            <source>1 parcel</source>
            <translation>1 Flurstück</translation>
        </message>
        <message>
            <source>1 parcel · {area}</source>
            <translation>1 Flurstück · {area}</translation>
        </message>
        <message>
            <source>A fact needs HZ, FIELD and SOURCE.</source>
            <translation>Eine Angabe braucht HZ, FIELD und SOURCE.</translation>
        </message>
        <message>
            <source>A key of ALKIS has 20 characters, empty places filled with _.</source>
            <translation>Ein Kennzeichen von ALKIS hat 20 Zeichen, leere Stellen sind mit _ gefüllt.</translation>
        </message>
        <message>
            <source>A register needs a projected coordinate system with an EPSG number, not {crs}.</source>
            <translation>Ein Register braucht ein projiziertes Koordinatensystem mit EPSG-Nummer, nicht {crs}.</translation>
        </message>
        <message>
            <source>A rule of the register {where} refuses this: {detail}. Nothing was written.</source>
            <translation>Eine Regel des Registers {where} lehnt das ab: {detail}. Nichts wurde geschrieben.</translation>
        </message>
        <message>
            <source>A settlement or a building reaches over {width} km × {height} km. Check the geometries of SETTLEMENT and BUILDINGS and their CRS, and MAX_GAP.</source>
            <translation>Eine Siedlung oder ein Gebäude reicht über {width} km × {height} km. Prüfen Sie die Geometrien von SETTLEMENT und BUILDINGS und deren KBS sowie MAX_GAP.</translation>
        </message>
        <message>
            <source>AGS must have 8 digits, or 5 for a Kreis, not “{value}”.</source>
            <translation>AGS muss 8 Ziffern haben, für einen Kreis 5, nicht „{value}“.</translation>
        </message>
        <message>
            <source>About the suggestions</source>
            <translation>Zu den Vorschlägen</translation>
        </message>
        <message>
            <source>Action</source>
            <translation>Vorgang</translation>
        </message>
        <message>
            <source>After</source>
            <translation>Nachher</translation>
        </message>
        <message>
            <source>Algorithm</source>
            <translation>Algorithmus</translation>
        </message>
        <message>
            <source>Algorithm gruene_infra:{name} ({title})</source>
            <translation>Algorithmus gruene_infra:{name} ({title})</translation>
        </message>
        <message>
            <source>All Leitthemen</source>
            <translation>Alle Leitthemen</translation>
        </message>
        <message>
            <source>All algorithms that measure the chosen goal.</source>
            <translation>Alle Algorithmen, die das gewählte Handlungsziel messen.</translation>
        </message>
        <message>
            <source>All kinds ({count})</source>
            <translation>Alle Arten ({count})</translation>
        </message>
        <message>
            <source>Among your last {count} actions there is none to undo.</source>
            <translation>Unter Ihren letzten {count} Vorgängen ist keiner, der sich rückgängig machen lässt.</translation>
        </message>
        <message>
            <source>Another run is at work on {path} ({who}). Wait for it; if there is none, delete {lock}.</source>
            <translation>An {path} arbeitet ein anderer Lauf ({who}). Warten Sie sein Ende ab; gibt es keinen, löschen Sie {lock}.</translation>
        </message>
        <message>
            <source>Ar&amp;ea</source>
            <translation>G&amp;ebiet</translation>
        </message>
        <message>
            <source>Area</source>
            <translation>Gebiet</translation>
        </message>
        <message>
            <source>Area, ha</source>
            <translation>Fläche, ha</translation>
        </message>
        <message>
            <source>Area, m²</source>
            <translation>Fläche, m²</translation>
        </message>
        <message>
            <source>Areas are measured in {crs}.</source>
            <translation>Flächen werden in {crs} gemessen.</translation>
        </message>
        <message>
            <source>Assign</source>
            <translation>Zuordnen</translation>
        </message>
        <message>
            <source>Assignments</source>
            <translation>Zuordnungen</translation>
        </message>
        <message>
            <source>Assigns the goal of this row to its parcels as an idea, with the evidence.</source>
            <translation>Ordnet das Ziel dieser Zeile ihren Flurstücken als Idee zu, mit dem Beleg.</translation>
        </message>
        <message>
            <source>Assigns the goals of all rows to their parcels as ideas, in one step.</source>
            <translation>Ordnet die Ziele aller Zeilen ihren Flurstücken als Ideen zu, in einem Schritt.</translation>
        </message>
        <message>
            <source>Assumptions</source>
            <translation>Annahmen</translation>
        </message>
        <message>
            <source>BEFORE must be today or a day that is over, not {day}. Nothing was moved.</source>
            <translation>BEFORE muss heute sein oder ein Tag, der vorbei ist, nicht {day}. Es wurde nichts ausgelagert.</translation>
        </message>
        <message>
            <source>Before</source>
            <translation>Vorher</translation>
        </message>
        <message>
            <source>Begin</source>
            <translation>Beginn</translation>
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
            <source>By other definitions: {counts}</source>
            <translation>Nach anderen Definitionen: {counts}</translation>
        </message>
        <message>
            <source>COMPARE_WIDTHS must be widths in metres such as 100, 200.</source>
            <translation>COMPARE_WIDTHS muss Breiten in Metern nennen, zum Beispiel 100, 200.</translation>
        </message>
        <message>
            <source>CRS: “{value}” is no coordinate reference system.</source>
            <translation>CRS: „{value}“ ist kein Koordinatenbezugssystem.</translation>
        </message>
        <message>
            <source>Cancelled. No result was written.</source>
            <translation>Abgebrochen. Es wurde kein Ergebnis geschrieben.</translation>
        </message>
        <message>
            <source>Carrier</source>
            <translation>Träger</translation>
        </message>
        <message>
            <source>Changed by somebody else</source>
            <translation>Von anderen geändert</translation>
        </message>
        <message>
            <source>Check</source>
            <translation>Prüfen</translation>
        </message>
        <message>
            <source>Choose an algorithm</source>
            <translation>Algorithmus wählen</translation>
        </message>
        <message>
            <source>Choose the field that holds the Flurstückskennzeichen.</source>
            <translation>Wählen Sie das Feld mit dem Flurstückskennzeichen.</translation>
        </message>
        <message>
            <source>Choose the layer of parcels and its key field above.</source>
            <translation>Wählen Sie oben den Flurstückslayer und sein Kennzeichenfeld.</translation>
        </message>
        <message>
            <source>Choose the layer that holds the parcels.</source>
            <translation>Wählen Sie den Layer mit den Flurstücken.</translation>
        </message>
        <message>
            <source>Choose what to look for.</source>
            <translation>Wählen Sie, wonach gesucht werden soll.</translation>
        </message>
        <message>
            <source>Close the message</source>
            <translation>Meldung schließen</translation>
        </message>
        <message>
            <source>Compare with &amp;layer</source>
            <translation>Mit &amp;Layer vergleichen</translation>
        </message>
        <message>
            <source>Comparing outlines: {count} parcels to go …</source>
            <translation>Umrisse werden verglichen: noch {count} Flurstücke …</translation>
        </message>
        <message>
            <source>Computed on</source>
            <translation>Berechnet am</translation>
        </message>
        <message>
            <source>Contradictions</source>
            <translation>Widersprüche</translation>
        </message>
        <message>
            <source>Coverage, %</source>
            <translation>Abdeckung, %</translation>
        </message>
        <message>
            <source>Create a &amp;new register in this schema</source>
            <translation>In diesem Schema ein &amp;neues Register anlegen</translation>
        </message>
        <message>
            <source>DATE_BEFORE ({before}) must be earlier than DATE ({now}).</source>
            <translation>DATE_BEFORE ({before}) muss vor DATE ({now}) liegen.</translation>
        </message>
        <message>
            <source>Date of the data</source>
            <translation>Stand der Daten</translation>
        </message>
        <message>
            <source>Definition</source>
            <translation>Definition</translation>
        </message>
        <message>
            <source>Definition (id)</source>
            <translation>Definition (Kennung)</translation>
        </message>
        <message>
            <source>Denominator</source>
            <translation>Nenner</translation>
        </message>
        <message>
            <source>Direction</source>
            <translation>Richtung</translation>
        </message>
        <message>
            <source>Drag over parcels to assign the ticked goals; the right button takes them back. One stroke is one step to undo.</source>
            <translation>Ziehen Sie über Flurstücke, um die angehakten Ziele zuzuordnen; die rechte Taste nimmt sie zurück. Ein Strich ist ein Schritt, den Sie rückgängig machen können.</translation>
        </message>
        <message>
            <source>EXTENT has no area.</source>
            <translation>EXTENT hat keine Fläche.</translation>
        </message>
        <message>
            <source>EXTENT lies beyond the area of {crs}, the map's CRS. Check the CRS of the layers.</source>
            <translation>EXTENT liegt außerhalb des Gebiets von {crs}, dem KBS der Karte. Prüfen Sie das KBS der Layer.</translation>
        </message>
        <message>
            <source>EXTENT: “{value}” is no area.</source>
            <translation>EXTENT: „{value}“ ist kein Ausschnitt.</translation>
        </message>
        <message>
            <source>End</source>
            <translation>Ende</translation>
        </message>
        <message>
            <source>Enter or a double click on a goal opens what measures it.</source>
            <translation>Die Eingabetaste oder ein Doppelklick auf ein Ziel öffnet, womit es gemessen wird.</translation>
        </message>
        <message>
            <source>Entry</source>
            <translation>Eintrag</translation>
        </message>
        <message>
            <source>Evidence</source>
            <translation>Beleg</translation>
        </message>
        <message>
            <source>Excluded parcels and rejected assignments do not count. Enter or a click on a row searches for its parcels.</source>
            <translation>Ausgeschlossene Flurstücke und verworfene Zuordnungen zählen nicht mit. Enter oder ein Klick auf eine Zeile sucht ihre Flurstücke.</translation>
        </message>
        <message>
            <source>Exclusion</source>
            <translation>Ausschluss</translation>
        </message>
        <message>
            <source>FOLDER: no folder {path}.</source>
            <translation>FOLDER: Es gibt keinen Ordner {path}.</translation>
        </message>
        <message>
            <source>FOLDER: {count} packed files were not read: {names}. Unpack them unless that is done.</source>
            <translation>FOLDER: {count} gepackte Dateien wurden nicht gelesen: {names}. Entpacken Sie sie, falls das noch nicht geschehen ist.</translation>
        </message>
        <message>
            <source>FOLDER: {path} holds no file ending in {suffixes}.</source>
            <translation>FOLDER: {path} enthält keine Datei mit der Endung {suffixes}.</translation>
        </message>
        <message>
            <source>Facts</source>
            <translation>Angaben</translation>
        </message>
        <message>
            <source>Field</source>
            <translation>Feld</translation>
        </message>
        <message>
            <source>Field blocks</source>
            <translation>Feldblöcke</translation>
        </message>
        <message>
            <source>Field blocks in 2015</source>
            <translation>Feldblöcke 2015</translation>
        </message>
        <message>
            <source>Find</source>
            <translation>Finden</translation>
        </message>
        <message>
            <source>Findings</source>
            <translation>Befunde</translation>
        </message>
        <message>
            <source>Findings about parts of municipalities, or about the region in a package, not merged: {count}.</source>
            <translation>Befunde über Teile von Gemeinden oder, in einem Ergebnisordner, über die Region, nicht zusammengeführt: {count}.</translation>
        </message>
        <message>
            <source>Floodplains</source>
            <translation>Überschwemmungsgebiete</translation>
        </message>
        <message>
            <source>Flurstückskennzeichen</source>
            <translation>Flurstückskennzeichen</translation>
        </message>
        <message>
            <source>Forests in 2015</source>
            <translation>Wald 2015</translation>
        </message>
        <message>
            <source>GOALS must be numbers of Handlungsziele such as 2, 19, not {value}.</source>
            <translation>GOALS muss Nummern von Handlungszielen nennen, zum Beispiel 2, 19, nicht {value}.</translation>
        </message>
        <message>
            <source>GOALS_OF_RESULTS must hold numbers of Handlungsziele such as 2, 13, not {value}.</source>
            <translation>GOALS_OF_RESULTS muss Nummern von Handlungszielen nennen, zum Beispiel 2, 13, nicht {value}.</translation>
        </message>
        <message>
            <source>Gap</source>
            <translation>Lücke</translation>
        </message>
        <message>
            <source>Gap, absolute</source>
            <translation>Lücke, absolut</translation>
        </message>
        <message>
            <source>Give INPUT (a folder or GeoPackage), LAYERS or CONFIG.</source>
            <translation>Geben Sie INPUT (Ordner oder GeoPackage), LAYERS oder CONFIG an.</translation>
        </message>
        <message>
            <source>Give INPUT (a folder with result packages) or TABLES.</source>
            <translation>INPUT (ein Ordner mit Ergebnisordnern) oder TABLES angeben.</translation>
        </message>
        <message>
            <source>Give RAUMTYP for all parcels, or RAUMTYP_FIELD, not both.</source>
            <translation>Geben Sie RAUMTYP für alle Flurstücke an oder RAUMTYP_FIELD, nicht beides.</translation>
        </message>
        <message>
            <source>Give a FOLDER with LoD2 tiles, or TILES.</source>
            <translation>Einen FOLDER mit LoD2-Kacheln oder TILES angeben.</translation>
        </message>
        <message>
            <source>Give either a number in VALUE or a TEXT.</source>
            <translation>Geben Sie entweder eine Zahl in VALUE an oder einen TEXT.</translation>
        </message>
        <message>
            <source>Give {parameter} or {other}, not both.</source>
            <translation>{parameter} oder {other} angeben, nicht beide.</translation>
        </message>
        <message>
            <source>Give {parameter} or {other}: one of them is needed.</source>
            <translation>{parameter} oder {other} angeben: Eines davon wird gebraucht.</translation>
        </message>
        <message>
            <source>Goals</source>
            <translation>Ziele</translation>
        </message>
        <message>
            <source>Goes to the evidence of this row on the map.</source>
            <translation>Geht auf der Karte zum Beleg dieser Zeile.</translation>
        </message>
        <message>
            <source>Goes to the rows that are selected in the list, to all of them if none is.</source>
            <translation>Geht zu den Zeilen, die in der Liste ausgewählt sind; ist keine ausgewählt, zu allen.</translation>
        </message>
        <message>
            <source>Green corridors</source>
            <translation>Grünzüge</translation>
        </message>
        <message>
            <source>Green corridors in 2015</source>
            <translation>Grünzüge 2015</translation>
        </message>
        <message>
            <source>Grüne Infrastruktur</source>
            <translation>Grüne Infrastruktur</translation>
        </message>
        <message>
            <source>HZ {hz}, {field}: the unit {unit} does not fit; left out.</source>
            <translation>HZ {hz}, {field}: die Einheit {unit} passt nicht; ausgelassen.</translation>
        </message>
        <message>
            <source>Habitat network</source>
            <translation>Biotopverbund</translation>
        </message>
        <message>
            <source>Habitat types</source>
            <translation>Lebensraumtypen</translation>
        </message>
        <message>
            <source>Handlungsziel</source>
            <translation>Handlungsziel</translation>
        </message>
        <message>
            <source>Handlungsziele</source>
            <translation>Handlungsziele</translation>
        </message>
        <message>
            <source>Headline value</source>
            <translation>Leitwert</translation>
        </message>
        <message>
            <source>Hedges, tree rows and ditches</source>
            <translation>Hecken, Baumreihen und Gräben</translation>
        </message>
        <message>
            <source>History</source>
            <translation>Verlauf</translation>
        </message>
        <message>
            <source>How many rows are decided</source>
            <translation>Wie viele Einträge entschieden sind</translation>
        </message>
        <message>
            <source>INPUT: the folder {path} and those in it hold no result package ({file}).</source>
            <translation>INPUT: Der Ordner {path} und die darin enthalten kein Ergebnis einer Messung ({file}).</translation>
        </message>
        <message>
            <source>INPUT: there is no folder or file {path}.</source>
            <translation>INPUT: Es gibt keinen Ordner und keine Datei {path}.</translation>
        </message>
        <message>
            <source>INPUT: there is no folder {path}.</source>
            <translation>INPUT: Es gibt keinen Ordner {path}.</translation>
        </message>
        <message>
            <source>Indicator</source>
            <translation>Kennzahl</translation>
        </message>
        <message>
            <source>Indicator (id)</source>
            <translation>Kennzahl (Kennung)</translation>
        </message>
        <message>
            <source>Input {parameter}: {name}</source>
            <translation>Eingabe {parameter}: {name}</translation>
        </message>
        <message>
            <source>Keep &amp;all of theirs</source>
            <translation>&amp;Alle der anderen behalten</translation>
        </message>
        <message>
            <source>Key as delivered</source>
            <translation>Kennzeichen wie geliefert</translation>
        </message>
        <message>
            <source>Key c&amp;ontains</source>
            <translation>Kennz&amp;eichen</translation>
        </message>
        <message>
            <source>Ki&amp;nd</source>
            <translation>Ar&amp;t</translation>
        </message>
        <message>
            <source>Kind of action</source>
            <translation>Art des Vorgangs</translation>
        </message>
        <message>
            <source>Kind of area</source>
            <translation>Art des Gebiets</translation>
        </message>
        <message>
            <source>Landscape elements</source>
            <translation>Landschaftselemente</translation>
        </message>
        <message>
            <source>Leaves out assignments that exclude a parcel (Ausschluss) or were rejected (verworfen), as totals do.</source>
            <translation>Lässt Zuordnungen weg, die ein Flurstück ausschließen (Ausschluss) oder verworfen sind, wie es auch die Summen tun.</translation>
        </message>
        <message>
            <source>Leitthema</source>
            <translation>Leitthema</translation>
        </message>
        <message>
            <source>Lines cannot be overlaid: {reason}.</source>
            <translation>Linien lassen sich nicht verschneiden: {reason}.</translation>
        </message>
        <message>
            <source>Lists parcels of the register whose key is not in the chosen layer. The layer should cover the whole area of the register.</source>
            <translation>Führt Flurstücke des Registers auf, deren Kennzeichen im gewählten Layer fehlt. Der Layer sollte das ganze Gebiet des Registers abdecken.</translation>
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
            <source>Measure</source>
            <translation>Maßnahme</translation>
        </message>
        <message>
            <source>Measured by “{title}”, last run here on {when}.</source>
            <translation>Gemessen mit „{title}“, hier zuletzt gelaufen am {when}.</translation>
        </message>
        <message>
            <source>Measured by “{title}”; no run of it is known on this computer.</source>
            <translation>Gemessen mit „{title}“; auf diesem Rechner ist kein Lauf bekannt.</translation>
        </message>
        <message>
            <source>Mine</source>
            <translation>Von mir</translation>
        </message>
        <message>
            <source>Models</source>
            <translation>Modelle</translation>
        </message>
        <message>
            <source>Municipalities</source>
            <translation>Gemeinden</translation>
        </message>
        <message>
            <source>Municipality</source>
            <translation>Gemeinde</translation>
        </message>
        <message>
            <source>Municipality key (AGS)</source>
            <translation>Gemeindeschlüssel (AGS)</translation>
        </message>
        <message>
            <source>Name</source>
            <translation>Name</translation>
        </message>
        <message>
            <source>Name a PROJECT, an AGS or a MUNICIPALITY that the fact is about.</source>
            <translation>Nennen Sie ein PROJECT, einen AGS oder eine MUNICIPALITY, um die es in der Angabe geht.</translation>
        </message>
        <message>
            <source>Name one register in REGISTER or CONNECTION, or a table in LEASES, not {names}.</source>
            <translation>Nennen Sie ein Register in REGISTER oder CONNECTION oder eine Tabelle in LEASES, nicht {names}.</translation>
        </message>
        <message>
            <source>Name one register: a GeoPackage in REGISTER or a CONNECTION.</source>
            <translation>Nennen Sie ein Register: ein GeoPackage in REGISTER oder eine CONNECTION.</translation>
        </message>
        <message>
            <source>Name parcels: a layer in PARCELS, or KEYS.</source>
            <translation>Nennen Sie Flurstücke: einen Layer in PARCELS oder KEYS.</translation>
        </message>
        <message>
            <source>Name:</source>
            <translation>Name:</translation>
        </message>
        <message>
            <source>Natural monuments</source>
            <translation>Naturdenkmale</translation>
        </message>
        <message>
            <source>New buildings</source>
            <translation>Neubauten</translation>
        </message>
        <message>
            <source>New project</source>
            <translation>Neues Projekt</translation>
        </message>
        <message>
            <source>New project…</source>
            <translation>Neues Projekt…</translation>
        </message>
        <message>
            <source>New register</source>
            <translation>Neues Register</translation>
        </message>
        <message>
            <source>No algorithm measures goal {number} yet.</source>
            <translation>Für Ziel {number} gibt es noch keinen Algorithmus.</translation>
        </message>
        <message>
            <source>No contradiction in {parcels} parcels of the register.</source>
            <translation>Kein Widerspruch in {parcels} Flurstücken des Registers.</translation>
        </message>
        <message>
            <source>No findings of a municipality can be used:
{reasons}</source>
            <translation>Kein Befund einer Gemeinde ist verwendbar:
{reasons}</translation>
        </message>
        <message>
            <source>No goal in sight misses findings that an algorithm could compute.</source>
            <translation>Keinem der gezeigten Ziele fehlen Befunde, die ein Algorithmus berechnen könnte.</translation>
        </message>
        <message>
            <source>No indicator of HZ {hz} uses “{field}”. Used are: {known}.</source>
            <translation>Keine Kennzahl von HZ {hz} verwendet „{field}“. Verwendet werden: {known}.</translation>
        </message>
        <message>
            <source>No key was read from the layer of parcels.</source>
            <translation>Aus dem Layer der Flurstücke ließ sich kein Kennzeichen lesen.</translation>
        </message>
        <message>
            <source>No layer can be read from: {names}.</source>
            <translation>Kein Layer lesbar in: {names}.</translation>
        </message>
        <message>
            <source>No layer holds results of an analysis that speaks for a goal.</source>
            <translation>Kein Layer enthält Ergebnisse einer Analyse, die für ein Ziel sprechen.</translation>
        </message>
        <message>
            <source>No layer reaches into the area to be drawn, {wanted}. The first layer lies in {found} ({crs}).</source>
            <translation>Kein Layer reicht in den zu zeichnenden Bereich {wanted}. Der erste Layer liegt in {found} ({crs}).</translation>
        </message>
        <message>
            <source>No loaded table holds findings that the register does not have.</source>
            <translation>Keine geladene Tabelle enthält Befunde, die dem Register fehlen.</translation>
        </message>
        <message>
            <source>No open layer is one that a goal is measured with.</source>
            <translation>Kein geöffneter Layer ist einer, mit dem ein Ziel gemessen wird.</translation>
        </message>
        <message>
            <source>No parcel meets this.</source>
            <translation>Kein Flurstück entspricht dem.</translation>
        </message>
        <message>
            <source>No step could be run:
{plan}</source>
            <translation>Kein Schritt ließ sich ausführen:
{plan}</translation>
        </message>
        <message>
            <source>Not among the municipalities of the region, so in none of its means: {names}.</source>
            <translation>Keine Gemeinden der Region und daher in keinem ihrer Mittel: {names}.</translation>
        </message>
        <message>
            <source>Not assessable: {indicator}, {areas}: {reason}.</source>
            <translation>Nicht bewertbar: {indicator}, {areas}: {reason}.</translation>
        </message>
        <message>
            <source>Not assessable: {reason}.</source>
            <translation>Nicht bewertbar: {reason}.</translation>
        </message>
        <message>
            <source>Not checked yet.</source>
            <translation>Noch nicht geprüft.</translation>
        </message>
        <message>
            <source>Not undone: something was added since that depends on it or replaces it ({detail}).</source>
            <translation>Nicht rückgängig gemacht: Seither kam etwas hinzu, das davon abhängt oder es ersetzt ({detail}).</translation>
        </message>
        <message>
            <source>Not undone: the history of this action cannot be read.</source>
            <translation>Nicht rückgängig gemacht: Der Verlauf dieses Vorgangs ist nicht lesbar.</translation>
        </message>
        <message>
            <source>Not undone: {count} of its entries in “{table}” were changed since, last by {who} on {when}.</source>
            <translation>Nicht rückgängig gemacht: {count} seiner Einträge in „{table}“ wurden seither geändert, zuletzt von {who} am {when}.</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>Notiz</translation>
        </message>
        <message>
            <source>Nothing can be measured with these layers: {names}
{plan}</source>
            <translation>Mit diesen Layern ist nichts messbar: {names}
{plan}</translation>
        </message>
        <message>
            <source>Nothing that the package records differs. What it cannot record is a register in a database, and the libraries of this computer.</source>
            <translation>Nichts von dem, was der Ergebnisordner festhält, ist anders. Nicht festhalten kann er ein Register in einer Datenbank und die Bibliotheken dieses Rechners.</translation>
        </message>
        <message>
            <source>Nothing was written.</source>
            <translation>Es wurde nichts geschrieben.</translation>
        </message>
        <message>
            <source>Number, title or a word such as Dach or Halde.</source>
            <translation>Nummer, Titel oder ein Wort wie Dach oder Halde.</translation>
        </message>
        <message>
            <source>Numerator</source>
            <translation>Zähler</translation>
        </message>
        <message>
            <source>OUTPUT: {path} holds layers or the monitoring file. Choose another folder.</source>
            <translation>OUTPUT: In {path} liegen Layer oder die Datei monitoring.yaml. Wählen Sie einen anderen Ordner.</translation>
        </message>
        <message>
            <source>Objects</source>
            <translation>Objekte</translation>
        </message>
        <message>
            <source>Objects left out</source>
            <translation>Ausgelassene Objekte</translation>
        </message>
        <message>
            <source>Offers what removes the contradiction; it can be undone.</source>
            <translation>Bietet an, was den Widerspruch behebt; es lässt sich rückgängig machen.</translation>
        </message>
        <message>
            <source>Official area, m²</source>
            <translation>Amtliche Fläche, m²</translation>
        </message>
        <message>
            <source>On {count} ha the use of most buildings is unknown; there the built share alone decides.</source>
            <translation>Auf {count} ha ist die Nutzung der meisten Gebäude unbekannt; dort entscheidet der bebaute Anteil allein.</translation>
        </message>
        <message>
            <source>Open &amp;GeoPackage …</source>
            <translation>&amp;GeoPackage öffnen …</translation>
        </message>
        <message>
            <source>Open a register</source>
            <translation>Register öffnen</translation>
        </message>
        <message>
            <source>Open a register first.</source>
            <translation>Öffnen Sie zuerst ein Register.</translation>
        </message>
        <message>
            <source>Open a register to see its findings.</source>
            <translation>Öffnen Sie ein Register, um seine Befunde zu sehen.</translation>
        </message>
        <message>
            <source>Open a register to take over goals from results.</source>
            <translation>Öffnen Sie ein Register, um Ziele aus Ergebnissen zu übernehmen.</translation>
        </message>
        <message>
            <source>Open a register, or make a new one.</source>
            <translation>Öffnen Sie ein Register oder legen Sie ein neues an.</translation>
        </message>
        <message>
            <source>Open in &amp;PostgreSQL …</source>
            <translation>In &amp;PostgreSQL öffnen …</translation>
        </message>
        <message>
            <source>Open the algorithm…</source>
            <translation>Algorithmus öffnen …</translation>
        </message>
        <message>
            <source>Open the sample region “Musterstadt”</source>
            <translation>Beispielregion „Musterstadt“ öffnen</translation>
        </message>
        <message>
            <source>Open “{title}”…</source>
            <translation>„{title}“ öffnen …</translation>
        </message>
        <message>
            <source>Opens the algorithm of the chosen goal with the layers of its last run, or with those of the project that seem to fit. Check them before you run it. Without a choice: of the first goal whose findings are missing or outdated.</source>
            <translation>Öffnet den Algorithmus des gewählten Ziels mit den Layern seines letzten Laufs oder mit denen des Projekts, die zu passen scheinen. Prüfen Sie diese vor dem Start. Ohne Auswahl: den des ersten Ziels, dessen Befunde fehlen oder veraltet sind.</translation>
        </message>
        <message>
            <source>Origin</source>
            <translation>Herkunft</translation>
        </message>
        <message>
            <source>Origin of the target</source>
            <translation>Herkunft des Ziels</translation>
        </message>
        <message>
            <source>Pa&amp;int on the map</source>
            <translation>Auf der Karte m&amp;alen</translation>
        </message>
        <message>
            <source>Parameter {name} = {value}</source>
            <translation>Parameter {name} = {value}</translation>
        </message>
        <message>
            <source>Parcel</source>
            <translation>Flurstück</translation>
        </message>
        <message>
            <source>Parcel under the pointer</source>
            <translation>Flurstück unter dem Zeiger</translation>
        </message>
        <message>
            <source>Parcels</source>
            <translation>Flurstücke</translation>
        </message>
        <message>
            <source>Parcels by land use</source>
            <translation>Flurstücke nach Nutzung</translation>
        </message>
        <message>
            <source>Parcels that were found</source>
            <translation>Gefundene Flurstücke</translation>
        </message>
        <message>
            <source>Peat soils</source>
            <translation>Moorböden</translation>
        </message>
        <message>
            <source>Plugin Grüne Infrastruktur Ruhr {version}, QGIS {qgis}</source>
            <translation>Plugin Grüne Infrastruktur Ruhr {version}, QGIS {qgis}</translation>
        </message>
        <message>
            <source>Plugin version</source>
            <translation>Version des Plugins</translation>
        </message>
        <message>
            <source>Potential</source>
            <translation>Potenzial</translation>
        </message>
        <message>
            <source>Pro&amp;ject</source>
            <translation>Pro&amp;jekt</translation>
        </message>
        <message>
            <source>Progress of the check</source>
            <translation>Fortschritt der Prüfung</translation>
        </message>
        <message>
            <source>Project</source>
            <translation>Projekt</translation>
        </message>
        <message>
            <source>Projects</source>
            <translation>Projekte</translation>
        </message>
        <message>
            <source>Protected sites</source>
            <translation>Schutzgebiete</translation>
        </message>
        <message>
            <source>QGIS does not know the algorithm {name}. Enable the plugin.</source>
            <translation>QGIS kennt den Algorithmus {name} nicht. Aktivieren Sie das Plugin.</translation>
        </message>
        <message>
            <source>QGIS knows no PostgreSQL connection named {name}.</source>
            <translation>QGIS kennt keine PostgreSQL-Verbindung namens {name}.</translation>
        </message>
        <message>
            <source>QGIS knows no PostgreSQL connection yet. Add one in the browser under PostgreSQL, then try again.</source>
            <translation>QGIS kennt noch keine PostgreSQL-Verbindung. Legen Sie im Browser unter PostgreSQL eine an und versuchen Sie es erneut.</translation>
        </message>
        <message>
            <source>QGIS was version {then} and is {now}.</source>
            <translation>QGIS war Version {then} und ist {now}.</translation>
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
            <source>Rau&amp;mtyp</source>
            <translation>Rau&amp;mtyp</translation>
        </message>
        <message>
            <source>Raum&amp;typ</source>
            <translation>Raum&amp;typ</translation>
        </message>
        <message>
            <source>Raumtyp</source>
            <translation>Raumtyp</translation>
        </message>
        <message>
            <source>Raumtyp mixed: {kinds}</source>
            <translation>Raumtyp gemischt: {kinds}</translation>
        </message>
        <message>
            <source>Raumtyp of parcels</source>
            <translation>Raumtyp der Flurstücke</translation>
        </message>
        <message>
            <source>Reading the register …</source>
            <translation>Das Register wird gelesen …</translation>
        </message>
        <message>
            <source>Regional parks</source>
            <translation>Regionalparks</translation>
        </message>
        <message>
            <source>Register</source>
            <translation>Register</translation>
        </message>
        <message>
            <source>Register in PostgreSQL</source>
            <translation>Register in PostgreSQL</translation>
        </message>
        <message>
            <source>Register: {name}</source>
            <translation>Register: {name}</translation>
        </message>
        <message>
            <source>Reject the assignment</source>
            <translation>Zuordnung verwerfen</translation>
        </message>
        <message>
            <source>Remove the exclusion</source>
            <translation>Ausschluss lösen</translation>
        </message>
        <message>
            <source>Remove the measure</source>
            <translation>Maßnahme lösen</translation>
        </message>
        <message>
            <source>Repeating it failed: {reason}</source>
            <translation>Die Wiederholung ist gescheitert: {reason}</translation>
        </message>
        <message>
            <source>Residents</source>
            <translation>Einwohner</translation>
        </message>
        <message>
            <source>Restore the history's triggers</source>
            <translation>Trigger des Verlaufs wiederherstellen</translation>
        </message>
        <message>
            <source>Result of the check</source>
            <translation>Ergebnis der Prüfung</translation>
        </message>
        <message>
            <source>River structure</source>
            <translation>Gewässerstruktur</translation>
        </message>
        <message>
            <source>Ro&amp;le</source>
            <translation>Ro&amp;lle</translation>
        </message>
        <message>
            <source>Role</source>
            <translation>Rolle</translation>
        </message>
        <message>
            <source>Row</source>
            <translation>Zeile</translation>
        </message>
        <message>
            <source>Rows that were changed; Space chooses a side</source>
            <translation>Geänderte Einträge; die Leertaste wählt eine Seite</translation>
        </message>
        <message>
            <source>Run &amp;what is missing…</source>
            <translation>Fehlendes &amp;berechnen …</translation>
        </message>
        <message>
            <source>S&amp;elect</source>
            <translation>A&amp;uswählen</translation>
        </message>
        <message>
            <source>S&amp;tatus</source>
            <translation>S&amp;tatus</translation>
        </message>
        <message>
            <source>S&amp;top</source>
            <translation>An&amp;halten</translation>
        </message>
        <message>
            <source>SEALING: of {area} ha of peat soils nothing is known.</source>
            <translation>SEALING: Von {area} ha Moorböden ist nichts bekannt.</translation>
        </message>
        <message>
            <source>Search goals</source>
            <translation>Ziele suchen</translation>
        </message>
        <message>
            <source>Select parcels on the map.</source>
            <translation>Wählen Sie Flurstücke auf der Karte aus.</translation>
        </message>
        <message>
            <source>Select parcels to see what results suggest.</source>
            <translation>Wählen Sie Flurstücke, um zu sehen, was Ergebnisse vorschlagen.</translation>
        </message>
        <message>
            <source>Selected</source>
            <translation>Auswahl</translation>
        </message>
        <message>
            <source>Selects the parcel in the layer of parcels.</source>
            <translation>Wählt das Flurstück im Layer der Flurstücke aus.</translation>
        </message>
        <message>
            <source>Selects the same parcels in the layer of parcels.</source>
            <translation>Wählt dieselben Flurstücke im Flurstückslayer aus.</translation>
        </message>
        <message>
            <source>Settlement</source>
            <translation>Siedlungsflächen</translation>
        </message>
        <message>
            <source>Share of the area, %</source>
            <translation>Anteil der Fläche, %</translation>
        </message>
        <message>
            <source>Show on &amp;map</source>
            <translation>&amp;In der Karte</translation>
        </message>
        <message>
            <source>Shows the goals of one Leitthema. Which goal serves which is an assumption: the strategy only draws it.</source>
            <translation>Zeigt die Ziele eines Leitthemas. Welches Ziel welchem dient, ist eine Annahme: Die Strategie zeigt es nur als Zeichnung.</translation>
        </message>
        <message>
            <source>Shows the parcel on the map.</source>
            <translation>Zeigt das Flurstück in der Karte.</translation>
        </message>
        <message>
            <source>Shows the register as a layer and highlights the parcels in it.</source>
            <translation>Zeigt das Register als Layer und hebt die Flurstücke darin hervor.</translation>
        </message>
        <message>
            <source>Single trees</source>
            <translation>Einzelbäume</translation>
        </message>
        <message>
            <source>Something unforeseen went wrong; the message log says what.</source>
            <translation>Etwas Unvorhergesehenes ist schiefgegangen; das Nachrichtenprotokoll sagt, was.</translation>
        </message>
        <message>
            <source>Source</source>
            <translation>Quelle</translation>
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
            <source>Status</source>
            <translation>Status</translation>
        </message>
        <message>
            <source>Status of the Handlungsziele</source>
            <translation>Stand der Handlungsziele</translation>
        </message>
        <message>
            <source>Stock</source>
            <translation>Bestand</translation>
        </message>
        <message>
            <source>Stopped; not everything was checked.</source>
            <translation>Angehalten; es wurde nicht alles geprüft.</translation>
        </message>
        <message>
            <source>Stores {count} findings that the register does not have.</source>
            <translation>Speichert {count} Befunde, die das Register noch nicht hat.</translation>
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
            <source>Su&amp;ggestions from results of analyses</source>
            <translation>&amp;Vorschläge aus Ergebnissen von Analysen</translation>
        </message>
        <message>
            <source>Suggestions from results of analyses</source>
            <translation>Vorschläge aus Ergebnissen von Analysen</translation>
        </message>
        <message>
            <source>Suggestions from results: {count}</source>
            <translation>Vorschläge aus Ergebnissen: {count}</translation>
        </message>
        <message>
            <source>Table</source>
            <translation>Tabelle</translation>
        </message>
        <message>
            <source>Take &amp;over</source>
            <translation>&amp;Übernehmen</translation>
        </message>
        <message>
            <source>Take all of &amp;mine</source>
            <translation>Alle &amp;meine übernehmen</translation>
        </message>
        <message>
            <source>Take o&amp;ver all</source>
            <translation>Alle ü&amp;bernehmen</translation>
        </message>
        <message>
            <source>Take the Raumtyp away</source>
            <translation>Raumtyp entfernen</translation>
        </message>
        <message>
            <source>Take the value away</source>
            <translation>Wert entfernen</translation>
        </message>
        <message>
            <source>Taken over as an idea: 1 assignment.</source>
            <translation>Als Idee übernommen: 1 Zuordnung.</translation>
        </message>
        <message>
            <source>Taken over as ideas: {count} assignments.</source>
            <translation>Als Ideen übernommen: {count} Zuordnungen.</translation>
        </message>
        <message>
            <source>Takes back the last step: {kind}, {rows} rows, {when}.</source>
            <translation>Nimmt den letzten Schritt zurück: {kind}, {rows} Zeilen, {when}.</translation>
        </message>
        <message>
            <source>Target</source>
            <translation>Ziel</translation>
        </message>
        <message>
            <source>Target date</source>
            <translation>Zieldatum</translation>
        </message>
        <message>
            <source>Target: {target}</source>
            <translation>Ziel: {target}</translation>
        </message>
        <message>
            <source>The Python package Jinja2 is missing (Debian: python3-jinja2).</source>
            <translation>Das Python-Paket Jinja2 fehlt (Debian: python3-jinja2).</translation>
        </message>
        <message>
            <source>The algorithm cannot be opened: switch on QGIS's plugin Processing.</source>
            <translation>Der Algorithmus lässt sich nicht öffnen: Schalten Sie die QGIS-Erweiterung „Processing“ ein.</translation>
        </message>
        <message>
            <source>The area to be drawn reaches beyond what {crs} can show. Give a smaller EXTENT, or check the CRS of the layers.</source>
            <translation>Der Kartenausschnitt reicht über das hinaus, was {crs} darstellen kann. Geben Sie einen kleineren EXTENT an, oder prüfen Sie das KBS der Layer.</translation>
        </message>
        <message>
            <source>The area whose findings are shown. A goal without any there shows those of all areas.</source>
            <translation>Das Gebiet, dessen Befunde gezeigt werden. Ein Ziel, das dort keine hat, zeigt die aller Gebiete.</translation>
        </message>
        <message>
            <source>The check broke off; not everything was checked.</source>
            <translation>Die Prüfung brach ab; es wurde nicht alles geprüft.</translation>
        </message>
        <message>
            <source>The connection to the register {where} broke while the last step was being finished: {reason}. It is in the register as a whole or not at all: look before you repeat it.</source>
            <translation>Die Verbindung zum Register {where} riss ab, während der letzte Schritt abgeschlossen wurde: {reason}. Er steht ganz im Register oder gar nicht: Sehen Sie nach, bevor Sie ihn wiederholen.</translation>
        </message>
        <message>
            <source>The connection to the register {where} failed: {reason}. Nothing of this step was written; try again when the server can be reached.</source>
            <translation>Die Verbindung zum Register {where} ist gescheitert: {reason}. Von diesem Schritt wurde nichts geschrieben; versuchen Sie es wieder, wenn der Server erreichbar ist.</translation>
        </message>
        <message>
            <source>The database of {where} has no PostGIS. Ask its administrator for: CREATE EXTENSION postgis</source>
            <translation>Die Datenbank von {where} hat kein PostGIS. Bitten Sie ihren Administrator um: CREATE EXTENSION postgis</translation>
        </message>
        <message>
            <source>The field that holds the Flurstückskennzeichen.</source>
            <translation>Das Feld mit dem Flurstückskennzeichen.</translation>
        </message>
        <message>
            <source>The file {name} cannot be read: {reason}.</source>
            <translation>Die Datei {name} ist nicht lesbar: {reason}.</translation>
        </message>
        <message>
            <source>The folder of {where} does not exist.</source>
            <translation>Den Ordner von {where} gibt es nicht.</translation>
        </message>
        <message>
            <source>The history has nothing from before {day}; nothing was moved.</source>
            <translation>Der Verlauf hat nichts aus der Zeit vor {day}; es wurde nichts ausgelagert.</translation>
        </message>
        <message>
            <source>The history was not moved to {where}: {reason}. The register is as it was.</source>
            <translation>Der Verlauf wurde nicht nach {where} ausgelagert: {reason}. Das Register ist, wie es war.</translation>
        </message>
        <message>
            <source>The input “{name}” ({parameter}) holds something else than then.</source>
            <translation>Die Eingabe „{name}“ ({parameter}) enthält etwas anderes als damals.</translation>
        </message>
        <message>
            <source>The input “{name}” ({parameter}) is missing. Give the data of then in INPUT, LAYERS or CONFIG.</source>
            <translation>Die Eingabe „{name}“ ({parameter}) fehlt. Geben Sie die Daten von damals in INPUT, LAYERS oder CONFIG an.</translation>
        </message>
        <message>
            <source>The layer of parcels cannot be read: {error}</source>
            <translation>Der Flurstückslayer lässt sich nicht lesen: {error}</translation>
        </message>
        <message>
            <source>The layer of parcels was removed. Choose another one.</source>
            <translation>Der Layer mit den Flurstücken wurde entfernt. Wählen Sie einen anderen.</translation>
        </message>
        <message>
            <source>The layer {name} cannot be read: {reason}.</source>
            <translation>Der Layer {name} ist nicht lesbar: {reason}.</translation>
        </message>
        <message>
            <source>The legend is larger than its column. Choose a larger page.</source>
            <translation>Die Legende ist größer als ihre Spalte. Eine größere Seite wählen.</translation>
        </message>
        <message>
            <source>The map cannot be drawn: {reason}</source>
            <translation>Die Karte lässt sich nicht zeichnen: {reason}</translation>
        </message>
        <message>
            <source>The map is too large to draw. Lower its size or resolution.</source>
            <translation>Die Karte ist zu groß zum Zeichnen. Größe oder Auflösung verringern.</translation>
        </message>
        <message>
            <source>The name {name} is too long: {count} bytes, at most {most} are possible.</source>
            <translation>Der Name {name} ist zu lang: {count} Bytes, höchstens {most} sind möglich.</translation>
        </message>
        <message>
            <source>The network is too large for a whole work plan: gewinn_folge_ha is known for {count} gaps.</source>
            <translation>Das Netz ist zu groß für einen ganzen Arbeitsplan: gewinn_folge_ha ist nur für {count} Lücken bekannt.</translation>
        </message>
        <message>
            <source>The open layers allow to measure the goals {goals}.</source>
            <translation>Mit den geöffneten Layern lassen sich diese Ziele messen: {goals}.</translation>
        </message>
        <message>
            <source>The package has no finding of “{indicator}”. It has: {names}.</source>
            <translation>Der Ergebnisordner enthält keinen Befund zu „{indicator}“, sondern zu: {names}.</translation>
        </message>
        <message>
            <source>The parameter {name} was {then}, {file} now says {now}. What it was is used here.</source>
            <translation>Der Parameter {name} war {then}, in {file} steht jetzt {now}. Gerechnet wird mit dem damaligen.</translation>
        </message>
        <message>
            <source>The plugin is version {now} as then, but its code or its tables differ.</source>
            <translation>Das Plugin hat wie damals Version {now}, aber sein Code oder seine Tabellen sind anders.</translation>
        </message>
        <message>
            <source>The plugin was version {then} and is {now}.</source>
            <translation>Das Plugin war Version {then} und ist {now}.</translation>
        </message>
        <message>
            <source>The project “{name}” is not in the register any more.</source>
            <translation>Das Projekt „{name}“ ist nicht mehr im Register.</translation>
        </message>
        <message>
            <source>The register can be reached again.</source>
            <translation>Das Register ist wieder erreichbar.</translation>
        </message>
        <message>
            <source>The register can be read only: its history would miss what is written. The page “Check” says what is missing, and restores it.</source>
            <translation>Das Register kann nur gelesen werden: Im Verlauf fehlte, was geschrieben würde. Die Seite „Prüfen“ sagt, was fehlt, und stellt es wieder her.</translation>
        </message>
        <message>
            <source>The register can be read only: triggers that keep its history are missing or changed ({names}). Edits by hand would not be in it. “Check the register” restores them.</source>
            <translation>Das Register kann nur gelesen werden: Trigger, die den Verlauf schreiben, fehlen oder sind verändert ({names}). Änderungen von Hand stünden nicht darin. „Register prüfen“ stellt sie wieder her.</translation>
        </message>
        <message>
            <source>The register has no geometry of these parcels.</source>
            <translation>Das Register kennt keine Geometrie dieser Flurstücke.</translation>
        </message>
        <message>
            <source>The register has no geometry to go to.</source>
            <translation>Das Register hat keine Geometrie, zu der gezoomt werden kann.</translation>
        </message>
        <message>
            <source>The register has no project “{name}”. It has: {names}.</source>
            <translation>Das Register hat kein Projekt „{name}“. Es hat: {names}.</translation>
        </message>
        <message>
            <source>The register has no such assignment.</source>
            <translation>Das Register hat keine solche Zuordnung.</translation>
        </message>
        <message>
            <source>The register holds no parcels to compare.</source>
            <translation>Das Register enthält keine Flurstücke zum Vergleichen.</translation>
        </message>
        <message>
            <source>The register holds other parcels under keys that successors have: {parcels}. Nothing was written; decide on the rows of these parcels as well.</source>
            <translation>Das Register hält unter Kennzeichen von Nachfolgern andere Flurstücke: {parcels}. Nichts wurde geschrieben; entscheiden Sie auch über deren Zeilen.</translation>
        </message>
        <message>
            <source>The register {where} can only be read: the file, its folder or the database does not let you write. Nothing was written.</source>
            <translation>Das Register {where} ist nur lesbar: Die Datei, ihr Ordner oder die Datenbank lässt Schreiben nicht zu. Nichts wurde geschrieben.</translation>
        </message>
        <message>
            <source>The register {where} could not be written: the disk is full or fails. Nothing was written; make room and try again.</source>
            <translation>Das Register {where} ließ sich nicht schreiben: Der Datenträger ist voll oder gestört. Nichts wurde geschrieben; schaffen Sie Platz und versuchen Sie es wieder.</translation>
        </message>
        <message>
            <source>The register {where} does not tell its coordinate system: in its table “meta” stands “{crs}”. Enter its EPSG number there, such as EPSG:25832.</source>
            <translation>Das Register {where} nennt sein Koordinatensystem nicht: In seiner Tabelle „meta“ steht „{crs}“. Dort die EPSG-Nummer eintragen, etwa EPSG:25832.</translation>
        </message>
        <message>
            <source>The register {where} failed: {reason}. Nothing was written.</source>
            <translation>Das Register {where} ist gescheitert: {reason}. Nichts wurde geschrieben.</translation>
        </message>
        <message>
            <source>The register {where} has schema version {found}, this plugin knows up to {known}. Update the plugin.</source>
            <translation>Das Register {where} hat die Schemaversion {found}, dieses Plugin kennt nur bis {known}. Aktualisieren Sie das Plugin.</translation>
        </message>
        <message>
            <source>The register {where} is being written by somebody else or has unsaved edits in QGIS. Save or end the edits and try again. Nothing was written.</source>
            <translation>Das Register {where} wird gerade von jemand anderem beschrieben oder hat ungespeicherte Änderungen in QGIS. Speichern oder beenden Sie die Bearbeitung und versuchen Sie es wieder. Nichts wurde geschrieben.</translation>
        </message>
        <message>
            <source>The register {where} is damaged: it lacks {names}. Take it from a backup; nothing was changed.</source>
            <translation>Das Register {where} ist beschädigt: Es fehlt {names}. Aus einer Sicherung zurückholen; geändert wurde nichts.</translation>
        </message>
        <message>
            <source>The register {where} would keep no history of this: {count} triggers are missing or changed ({names}). Nothing was written. “Check the register” restores them.</source>
            <translation>Das Register {where} schriebe dazu keinen Verlauf: {count} Trigger fehlen oder sind verändert ({names}). Es wurde nichts geschrieben. „Register prüfen“ stellt sie wieder her.</translation>
        </message>
        <message>
            <source>The register's layer of parcels was removed from the map. Save the edits in its other layers, then all of them can be shown anew.</source>
            <translation>Der Layer der Flurstücke des Registers wurde aus der Karte entfernt. Speichern Sie die Änderungen in seinen anderen Layern, dann lassen sich alle neu anzeigen.</translation>
        </message>
        <message>
            <source>The repeated step makes no such finding.</source>
            <translation>Der wiederholte Schritt ergibt keinen solchen Befund.</translation>
        </message>
        <message>
            <source>The results could not be looked at.</source>
            <translation>Die Ergebnisse konnten nicht ausgewertet werden.</translation>
        </message>
        <message>
            <source>The results suggest nothing for these parcels.</source>
            <translation>Die Ergebnisse schlagen für diese Flurstücke nichts vor.</translation>
        </message>
        <message>
            <source>The run cannot begin:</source>
            <translation>Der Lauf kann nicht beginnen:</translation>
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
            <source>The server of {where} wants a password, and none was given that it takes. Enter it when QGIS asks; where nobody can be asked, keep it in an authentication of QGIS, in a service file or in .pgpass.</source>
            <translation>Der Server von {where} verlangt ein Kennwort und bekam keines, das er annimmt. Geben Sie es ein, wenn QGIS fragt; wo niemand gefragt werden kann, gehört es in eine Authentifizierung von QGIS, in eine Service-Datei oder in .pgpass.</translation>
        </message>
        <message>
            <source>The strategy lists none of these municipalities: the means are over the {count} of the tables.</source>
            <translation>Die Strategie nennt keine dieser Gemeinden: Die Mittel gelten für die {count} aus den Tabellen.</translation>
        </message>
        <message>
            <source>The table {table} of the package was changed after the run wrote it. Run run_monitoring again into the package: what was changed is measured anew.</source>
            <translation>Die Tabelle {table} im Ergebnisordner wurde nach dem Lauf geändert. Lassen Sie run_monitoring erneut in diesen Ordner laufen: Geändertes wird neu gemessen.</translation>
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
            <source>The {count} most critical of {all} figures in other areas. Choose an area to see all of its own.</source>
            <translation>Die {count} kritischsten von {all} Zahlen in anderen Gebieten. Wählen Sie ein Gebiet, um alle seine zu sehen.</translation>
        </message>
        <message>
            <source>Theirs, in the register now</source>
            <translation>Von anderen, jetzt im Register</translation>
        </message>
        <message>
            <source>There is a project named “{name}” already.</source>
            <translation>Ein Projekt namens „{name}“ gibt es schon.</translation>
        </message>
        <message>
            <source>There is no building in {files}.</source>
            <translation>In {files} ist kein Gebäude.</translation>
        </message>
        <message>
            <source>There is no register at {where}. Create one, or choose another place.</source>
            <translation>Bei {where} liegt kein Register. Legen Sie eines an, oder wählen Sie einen anderen Ort.</translation>
        </message>
        <message>
            <source>There is nothing of yours to undo.</source>
            <translation>Von Ihnen gibt es nichts rückgängig zu machen.</translation>
        </message>
        <message>
            <source>There is nothing to draw. Give at least one layer with features.</source>
            <translation>Es gibt nichts zu zeichnen. Mindestens ein Layer mit Objekten ist nötig.</translation>
        </message>
        <message>
            <source>There is something at {where} already; nothing was overwritten.</source>
            <translation>Bei {where} liegt schon etwas; nichts wurde überschrieben.</translation>
        </message>
        <message>
            <source>This action has been undone already.</source>
            <translation>Dieser Vorgang ist schon rückgängig gemacht.</translation>
        </message>
        <message>
            <source>Tick a goal or choose a Raumtyp to paint with.</source>
            <translation>Kreuzen Sie ein Handlungsziel an oder wählen Sie einen Raumtyp, um damit zu malen.</translation>
        </message>
        <message>
            <source>Total</source>
            <translation>Summe</translation>
        </message>
        <message>
            <source>Total of</source>
            <translation>Summe für</translation>
        </message>
        <message>
            <source>Totals</source>
            <translation>Summen</translation>
        </message>
        <message>
            <source>Totals &amp;by</source>
            <translation>Su&amp;mmen nach</translation>
        </message>
        <message>
            <source>Totals before and after</source>
            <translation>Summen vorher und nachher</translation>
        </message>
        <message>
            <source>Two areas cannot be overlaid: {reason}.</source>
            <translation>Zwei Flächen können nicht verschnitten werden: {reason}.</translation>
        </message>
        <message>
            <source>UNIT: “{field}” is in {unit}, not in {given}.</source>
            <translation>UNIT: „{field}“ steht in {unit}, nicht in {given}.</translation>
        </message>
        <message>
            <source>Undoes</source>
            <translation>Hebt auf</translation>
        </message>
        <message>
            <source>Undone: {action}</source>
            <translation>Rückgängig gemacht: {action}</translation>
        </message>
        <message>
            <source>Undone: {kind}, {rows} rows.</source>
            <translation>Rückgängig gemacht: {kind}, {rows} Zeilen.</translation>
        </message>
        <message>
            <source>Unit</source>
            <translation>Einheit</translation>
        </message>
        <message>
            <source>Unit of both</source>
            <translation>Einheit von beiden</translation>
        </message>
        <message>
            <source>Unit of the gap</source>
            <translation>Einheit der Lücke</translation>
        </message>
        <message>
            <source>Unpack those that are packed: {names}.</source>
            <translation>Entpacken Sie die gepackten: {names}.</translation>
        </message>
        <message>
            <source>Value</source>
            <translation>Wert</translation>
        </message>
        <message>
            <source>Value as text</source>
            <translation>Wert als Text</translation>
        </message>
        <message>
            <source>Waters</source>
            <translation>Gewässer</translation>
        </message>
        <message>
            <source>What happened</source>
            <translation>Was geschehen ist</translation>
        </message>
        <message>
            <source>What is asked for needs the older part of the register's history that was moved to {name}. It is not there, or not as it was written. Put it back beside the register.</source>
            <translation>Dafür wird der ältere Verlauf des Registers gebraucht, der nach {name} ausgelagert wurde. Er ist nicht da oder nicht mehr so, wie er geschrieben wurde. Legen Sie ihn wieder neben das Register.</translation>
        </message>
        <message>
            <source>What is selected</source>
            <translation>Was ausgewählt ist</translation>
        </message>
        <message>
            <source>What keeps the history, version and coordinate system are restored.</source>
            <translation>Was den Verlauf schreibt, Version und Koordinatensystem sind wiederhergestellt.</translation>
        </message>
        <message>
            <source>What measures the goal</source>
            <translation>Womit das Ziel gemessen wird</translation>
        </message>
        <message>
            <source>What the results suggest for these parcels is assigned already.</source>
            <translation>Was die Ergebnisse für diese Flurstücke vorschlagen, ist schon zugeordnet.</translation>
        </message>
        <message>
            <source>What the run has written to the register stays.</source>
            <translation>Was der Lauf ins Register geschrieben hat, bleibt.</translation>
        </message>
        <message>
            <source>What to do</source>
            <translation>Was zu tun ist</translation>
        </message>
        <message>
            <source>What was found</source>
            <translation>Was gefunden wurde</translation>
        </message>
        <message>
            <source>What was written before {day} was moved to {name} and cannot be undone any more.</source>
            <translation>Was vor {day} geschrieben wurde, ist nach {name} ausgelagert und lässt sich nicht mehr rückgängig machen.</translation>
        </message>
        <message>
            <source>What will change in the totals</source>
            <translation>Was sich an den Summen ändert</translation>
        </message>
        <message>
            <source>What {file} records of the step {step} was changed, or a run was broken off. Run run_monitoring again into the package.</source>
            <translation>Was {file} über den Schritt {step} festhält, wurde geändert, oder ein Lauf wurde abgebrochen. Lassen Sie run_monitoring erneut in diesen Ordner laufen.</translation>
        </message>
        <message>
            <source>When</source>
            <translation>Wann</translation>
        </message>
        <message>
            <source>While you decided, rows were changed once more.</source>
            <translation>Während Sie entschieden haben, wurden Einträge noch einmal geändert.</translation>
        </message>
        <message>
            <source>Who</source>
            <translation>Wer</translation>
        </message>
        <message>
            <source>Without AREAS the layer {output} has no outlines.</source>
            <translation>Ohne AREAS hat der Layer {output} keine Umrisse.</translation>
        </message>
        <message>
            <source>Working</source>
            <translation>In Arbeit</translation>
        </message>
        <message>
            <source>Write it as the tables tell it</source>
            <translation>Nach den Tabellen neu eintragen</translation>
        </message>
        <message>
            <source>Writes what the table shows, in one step: for all selected parcels, ticked goals are assigned, unticked ones taken away in every role and project, Raumtyp, status and note set.</source>
            <translation>Schreibt in einem Schritt, was die Tabelle zeigt: Für alle ausgewählten Flurstücke werden angehakte Ziele zugeordnet, abgewählte in jeder Rolle und jedem Projekt gelöst, Raumtyp, Status und Notiz gesetzt.</translation>
        </message>
        <message>
            <source>YEAR_FIELD needs REFERENCE_YEAR: from which year on is a building new?</source>
            <translation>YEAR_FIELD braucht REFERENCE_YEAR: Ab welchem Jahr ist ein Gebäude neu?</translation>
        </message>
        <message>
            <source>Year</source>
            <translation>Jahr</translation>
        </message>
        <message>
            <source>Your database role lacks a right in the register {where}: {reason}. Ask the register's owner.</source>
            <translation>Ihrer Datenbankrolle fehlt ein Recht im Register {where}: {reason}. Fragen Sie den Eigentümer des Registers.</translation>
        </message>
        <message>
            <source>Zones</source>
            <translation>Zonen</translation>
        </message>
        <message>
            <source>a building mixes several CRS</source>
            <translation>ein Gebäude mischt mehrere Koordinatensysteme</translation>
        </message>
        <message>
            <source>a cell holds more than {count} characters</source>
            <translation>eine Zelle hat mehr als {count} Zeichen</translation>
        </message>
        <message>
            <source>a control character in it</source>
            <translation>ein Steuerzeichen darin</translation>
        </message>
        <message>
            <source>a formula without its value: open the file in a spreadsheet program and store it again</source>
            <translation>eine Formel ohne ihren Wert: die Datei in einem Tabellenprogramm öffnen und neu speichern</translation>
        </message>
        <message>
            <source>a formula, no Flurstückskennzeichen</source>
            <translation>eine Formel, kein Flurstückskennzeichen</translation>
        </message>
        <message>
            <source>a later run for {day} could measure nothing; this is older</source>
            <translation>ein späterer Lauf zum {day} konnte nichts messen; dies ist älter</translation>
        </message>
        <message>
            <source>a name or key is too long</source>
            <translation>ein Name oder Schlüssel ist zu lang</translation>
        </message>
        <message>
            <source>a newer version of the plugin has written it; update the plugin</source>
            <translation>von einer neueren Version des Plugins geschrieben; Plugin aktualisieren</translation>
        </message>
        <message>
            <source>a number, no Flurstückskennzeichen: leading zeros are lost and only 15 digits are kept unless the column is formatted as text</source>
            <translation>eine Zahl, kein Flurstückskennzeichen: führende Nullen gehen verloren und nur 15 Stellen bleiben, wenn die Spalte nicht als Text formatiert ist</translation>
        </message>
        <message>
            <source>a quoted cell that begins in row {row} is never closed</source>
            <translation>eine Zelle in Anführungszeichen, die in Zeile {row} beginnt, wird nie geschlossen</translation>
        </message>
        <message>
            <source>a row of totals, no parcel</source>
            <translation>eine Summenzeile, kein Flurstück</translation>
        </message>
        <message>
            <source>a run is at work on it ({who}); wait for its end</source>
            <translation>ein Lauf arbeitet gerade daran ({who}); sein Ende abwarten</translation>
        </message>
        <message>
            <source>a text holds the character NUL</source>
            <translation>Ein Text enthält das Zeichen NUL</translation>
        </message>
        <message>
            <source>after</source>
            <translation>nachher</translation>
        </message>
        <message>
            <source>also in rows {rows}</source>
            <translation>auch in den Zeilen {rows}</translation>
        </message>
        <message>
            <source>an assessed row needs zaehler and a nenner above 0, or no mean can be computed.</source>
            <translation>Eine bewertete Zeile braucht zaehler und einen nenner über 0, sonst lässt sich kein Mittel bilden.</translation>
        </message>
        <message>
            <source>another definition in {names}, so in no mean and no sum: “{text}” instead of “{leading}”</source>
            <translation>andere Definition in {names}, darum in keinem Mittel und keiner Summe: „{text}“ statt „{leading}“</translation>
        </message>
        <message>
            <source>any</source>
            <translation>beliebig</translation>
        </message>
        <message>
            <source>area in hectares</source>
            <translation>Fläche in Hektar</translation>
        </message>
        <message>
            <source>area not known, counts as 0 m²</source>
            <translation>Fläche unbekannt, zählt als 0 m²</translation>
        </message>
        <message>
            <source>as of {date}</source>
            <translation>Stand {date}</translation>
        </message>
        <message>
            <source>before</source>
            <translation>vorher</translation>
        </message>
        <message>
            <source>choose a layer of parcels</source>
            <translation>Flurstückslayer wählen</translation>
        </message>
        <message>
            <source>computed by this version of the plugin: {names}</source>
            <translation>mit dieser Version des Plugins berechnet: {names}</translation>
        </message>
        <message>
            <source>content key {key}</source>
            <translation>Inhaltsschlüssel {key}</translation>
        </message>
        <message>
            <source>depth to the water table in cm</source>
            <translation>Grundwasserflurabstand in cm</translation>
        </message>
        <message>
            <source>difference</source>
            <translation>Differenz</translation>
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
            <source>done</source>
            <translation>umgesetzt</translation>
        </message>
        <message>
            <source>findings of the same day that stand in {other} as well: {count}</source>
            <translation>Befunde vom selben Tag, die auch in {other} stehen: {count}</translation>
        </message>
        <message>
            <source>findings older than those in {other}, not used: {count}</source>
            <translation>Befunde älter als die in {other}, nicht verwendet: {count}</translation>
        </message>
        <message>
            <source>ha</source>
            <translation>ha</translation>
        </message>
        <message>
            <source>has another area than row {row} for the same parcel: {area} m²</source>
            <translation>nennt für dasselbe Flurstück eine andere Fläche als Zeile {row}: {area} m²</translation>
        </message>
        <message>
            <source>height in metres</source>
            <translation>Höhe in Metern</translation>
        </message>
        <message>
            <source>idea</source>
            <translation>Idee</translation>
        </message>
        <message>
            <source>is to be removed</source>
            <translation>soll entfernt werden</translation>
        </message>
        <message>
            <source>it cannot be read ({reason})</source>
            <translation>nicht lesbar ({reason})</translation>
        </message>
        <message>
            <source>it has more than {count} columns</source>
            <translation>sie hat mehr als {count} Spalten</translation>
        </message>
        <message>
            <source>it has more than {count} rows, empty ones too; divide it</source>
            <translation>sie hat mehr als {count} Zeilen, leere mitgezählt; bitte teilen</translation>
        </message>
        <message>
            <source>it has no extent</source>
            <translation>er hat keine Ausdehnung</translation>
        </message>
        <message>
            <source>it has no sheet “{sheet}”, but {sheets}</source>
            <translation>es gibt kein Blatt „{sheet}“, aber {sheets}</translation>
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
            <source>it may not use the schema</source>
            <translation>sie darf das Schema nicht benutzen</translation>
        </message>
        <message>
            <source>its findings were changed after the package was written</source>
            <translation>die Befunde wurden geändert, nachdem der Ordner geschrieben war</translation>
        </message>
        <message>
            <source>its package cannot be checked ({reason})</source>
            <translation>sein Ergebnisordner kann nicht geprüft werden ({reason})</translation>
        </message>
        <message>
            <source>its points have x and y and no height; LoD2 needs x, y, z</source>
            <translation>seine Punkte haben x und y, aber keine Höhe; LoD2 braucht x, y, z</translation>
        </message>
        <message>
            <source>its run did not come to an end; start it again</source>
            <translation>der Lauf kam nicht zu Ende; noch einmal starten</translation>
        </message>
        <message>
            <source>its table {table} is damaged and no layer any more</source>
            <translation>die Tabelle {table} ist beschädigt und kein Layer mehr</translation>
        </message>
        <message>
            <source>its texts are longer than {count} characters</source>
            <translation>die Texte sind länger als {count} Zeichen</translation>
        </message>
        <message>
            <source>last measured on {day}, more than {count} days before {as_of}</source>
            <translation>zuletzt gemessen am {day}, mehr als {count} Tage vor {as_of}</translation>
        </message>
        <message>
            <source>left out: {reason}</source>
            <translation>ausgelassen: {reason}</translation>
        </message>
        <message>
            <source>licence {licence}</source>
            <translation>Lizenz {licence}</translation>
        </message>
        <message>
            <source>longer than 64 characters</source>
            <translation>länger als 64 Zeichen</translation>
        </message>
        <message>
            <source>more cells than columns: a cell with the separator in it must stand in quotes</source>
            <translation>mehr Zellen als Spalten: Eine Zelle mit dem Trennzeichen darin muss in Anführungszeichen stehen</translation>
        </message>
        <message>
            <source>must be one of {words}</source>
            <translation>muss eines sein von {words}</translation>
        </message>
        <message>
            <source>neither yes nor no</source>
            <translation>weder ja noch nein</translation>
        </message>
        <message>
            <source>neither {layer} nor the register has such a parcel</source>
            <translation>weder {layer} noch das Register hat ein solches Flurstück</translation>
        </message>
        <message>
            <source>no Handlungsziel is marked</source>
            <translation>kein Handlungsziel ist angekreuzt</translation>
        </message>
        <message>
            <source>no Raumtyp yet</source>
            <translation>noch kein Raumtyp</translation>
        </message>
        <message>
            <source>no area in m²</source>
            <translation>keine Fläche in m²</translation>
        </message>
        <message>
            <source>no digit in it</source>
            <translation>keine Ziffer darin</translation>
        </message>
        <message>
            <source>no finding in it is about a municipality; run it with AREAS</source>
            <translation>kein Befund darin gilt einer Gemeinde; mit AREAS noch einmal messen</translation>
        </message>
        <message>
            <source>no key; of merged cells only the first one holds it (FILL_DOWN fills the others)</source>
            <translation>kein Kennzeichen; von verbundenen Zellen hat es nur die erste (FILL_DOWN füllt die anderen)</translation>
        </message>
        <message>
            <source>no number of a Handlungsziel, nor a list of them</source>
            <translation>keine Nummer eines Handlungsziels und keine Liste davon</translation>
        </message>
        <message>
            <source>no project</source>
            <translation>kein Projekt</translation>
        </message>
        <message>
            <source>no usable Flurstückskennzeichen</source>
            <translation>kein verwendbares Flurstückskennzeichen</translation>
        </message>
        <message>
            <source>no value.</source>
            <translation>kein Wert.</translation>
        </message>
        <message>
            <source>none, open one</source>
            <translation>keins, bitte öffnen</translation>
        </message>
        <message>
            <source>not in the form of ALKIS, kept as delivered</source>
            <translation>nicht in der Form von ALKIS, wie geliefert behalten</translation>
        </message>
        <message>
            <source>nothing of {layer} lies in this area</source>
            <translation>in diesem Gebiet liegt nichts von {layer}</translation>
        </message>
        <message>
            <source>number of residents</source>
            <translation>Einwohnerzahl</translation>
        </message>
        <message>
            <source>number of storeys</source>
            <translation>Geschosszahl</translation>
        </message>
        <message>
            <source>only &amp;what counts</source>
            <translation>nur &amp;was zählt</translation>
        </message>
        <message>
            <source>only a part of the key beside Gemarkung or Flur; the whole Flurstückskennzeichen is needed</source>
            <translation>nur ein Teil des Kennzeichens neben Gemarkung oder Flur; gebraucht wird das ganze Flurstückskennzeichen</translation>
        </message>
        <message>
            <source>only {share} % of the ground lies within {reach} m of {layer}</source>
            <translation>nur {share} % der Fläche liegen bis {reach} m um {layer}</translation>
        </message>
        <message>
            <source>other numbers assumed in {names}, so in no mean and no sum: “{text}” instead of “{leading}”</source>
            <translation>andere Zahlen angenommen in {names}, darum in keinem Mittel und keiner Summe: „{text}“ statt „{leading}“</translation>
        </message>
        <message>
            <source>outdated</source>
            <translation>veraltet</translation>
        </message>
        <message>
            <source>planned</source>
            <translation>geplant</translation>
        </message>
        <message>
            <source>rejected</source>
            <translation>verworfen</translation>
        </message>
        <message>
            <source>row {row}, {refusal}</source>
            <translation>Zeile {row}, {refusal}</translation>
        </message>
        <message>
            <source>says something else than row {row} of Handlungsziel {goal}</source>
            <translation>sagt zu Handlungsziel {goal} etwas anderes als Zeile {row}</translation>
        </message>
        <message>
            <source>selected features only</source>
            <translation>nur ausgewählte Objekte</translation>
        </message>
        <message>
            <source>share in percent</source>
            <translation>Angabe in Prozent</translation>
        </message>
        <message>
            <source>slope in degrees</source>
            <translation>Neigung in Grad</translation>
        </message>
        <message>
            <source>somebody else has changed it meanwhile</source>
            <translation>jemand anderes hat die Datei inzwischen geändert</translation>
        </message>
        <message>
            <source>somebody else wrote meanwhile; try again</source>
            <translation>jemand anderes hat inzwischen geschrieben; versuchen Sie es noch einmal</translation>
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
            <source>the disk is full or fails</source>
            <translation>der Datenträger ist voll oder gestört</translation>
        </message>
        <message>
            <source>the part {part} of the file is missing</source>
            <translation>der Teil {part} der Datei fehlt</translation>
        </message>
        <message>
            <source>the register has no such project (CREATE_PROJECTS adds it)</source>
            <translation>das Register hat kein solches Projekt (CREATE_PROJECTS legt es an)</translation>
        </message>
        <message>
            <source>the register says something else and keeps it</source>
            <translation>das Register sagt etwas anderes und behält es</translation>
        </message>
        <message>
            <source>the register {place}</source>
            <translation>das Register {place}</translation>
        </message>
        <message>
            <source>the strategy has no Handlungsziel {goal}</source>
            <translation>die Strategie hat kein Handlungsziel {goal}</translation>
        </message>
        <message>
            <source>there is no layer {names}, which {file} names</source>
            <translation>den Layer {names}, den {file} nennt, gibt es nicht</translation>
        </message>
        <message>
            <source>there is no register</source>
            <translation>es gibt kein Register</translation>
        </message>
        <message>
            <source>thousands or decimals: write it without the point</source>
            <translation>Tausender oder Nachkommastellen: ohne Punkt schreiben</translation>
        </message>
        <message>
            <source>unchanged</source>
            <translation>unverändert</translation>
        </message>
        <message>
            <source>unchanged (new ones: Idee)</source>
            <translation>unverändert (neue: Idee)</translation>
        </message>
        <message>
            <source>under way</source>
            <translation>in Umsetzung</translation>
        </message>
        <message>
            <source>used although {reason}</source>
            <translation>trotzdem verwendet: {reason}</translation>
        </message>
        <message>
            <source>was removed</source>
            <translation>wurde entfernt</translation>
        </message>
        <message>
            <source>what was read back differs</source>
            <translation>was zurückgelesen wurde, ist nicht dasselbe</translation>
        </message>
        <message>
            <source>width in metres</source>
            <translation>Breite in Metern</translation>
        </message>
        <message>
            <source>will be assigned to all selected parcels</source>
            <translation>wird allen ausgewählten Flurstücken zugeordnet</translation>
        </message>
        <message>
            <source>will be painted, or assigned to what is selected next</source>
            <translation>wird gemalt oder dem zugeordnet, was Sie als Nächstes auswählen</translation>
        </message>
        <message>
            <source>will be taken from all selected parcels</source>
            <translation>wird allen ausgewählten Flurstücken genommen</translation>
        </message>
        <message>
            <source>without AREAS nobody says how large the ground is</source>
            <translation>ohne AREAS sagt niemand, wie groß das Gebiet ist</translation>
        </message>
        <message>
            <source>year</source>
            <translation>Jahreszahl</translation>
        </message>
        <message>
            <source>yes or no</source>
            <translation>Angabe von Ja oder Nein</translation>
        </message>
        <message>
            <source>yyyy-MM-dd</source>
            <translation>dd.MM.yyyy</translation>
        </message>
        <message>
            <source>{area}: {indicator} / {definition} is not assessable on {day}, which counts as the newest; measured last on {before}.</source>
            <translation>{area}: {indicator} / {definition} ist am {day} nicht bewertbar, und dieser jüngste Tag zählt; zuletzt gemessen am {before}.</translation>
        </message>
        <message>
            <source>{area}: {indicator} has more than one headline; the definition {definition} is shown among the other definitions.</source>
            <translation>{area}: {indicator} hat mehr als einen Leitwert; die Definition {definition} steht bei den anderen Definitionen.</translation>
        </message>
        <message>
            <source>{column}: {then} in the package, {now} today.</source>
            <translation>{column}: {then} im Ergebnisordner, {now} heute.</translation>
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
            <source>{count} Raumtypen chosen by the larger area, others dropped: {list}.</source>
            <translation>{count} Raumtypen nach der größeren Fläche gewählt, andere verworfen: {list}.</translation>
        </message>
        <message>
            <source>{count} assignments and Raumtypen ended with parcels that are gone.</source>
            <translation>{count} Zuordnungen und Raumtypen endeten mit entfallenen Flurstücken.</translation>
        </message>
        <message>
            <source>{count} assignments stood at the end of {day}.</source>
            <translation>{count} Zuordnungen bestanden am Ende des {day}.</translation>
        </message>
        <message>
            <source>{count} assignments were removed.</source>
            <translation>{count} Zuordnungen wurden gelöst.</translation>
        </message>
        <message>
            <source>{count} buildings are older versions of a newer one: {ids}.</source>
            <translation>{count} Gebäude sind ältere Stände eines neueren und entfallen: {ids}.</translation>
        </message>
        <message>
            <source>{count} buildings lie in another CRS and were transformed.</source>
            <translation>{count} Gebäude liegen in einem anderen Koordinatensystem und wurden umgerechnet.</translation>
        </message>
        <message>
            <source>{count} buildings none of whose surfaces covers ground, left out.</source>
            <translation>{count} Gebäude, von denen keine Fläche Boden bedeckt, ausgelassen.</translation>
        </message>
        <message>
            <source>{count} buildings repeat another one exactly and are counted once.</source>
            <translation>{count} Gebäude wiederholen ein anderes genau und zählen einmal.</translation>
        </message>
        <message>
            <source>{count} buildings repeat another one in outline and date: {ids}.</source>
            <translation>{count} Gebäude wiederholen ein anderes mit gleichem Umriss und Stand und entfallen: {ids}.</translation>
        </message>
        <message>
            <source>{count} buildings share their id with one elsewhere; each got one of its own: {ids}.</source>
            <translation>{count} Gebäude haben dieselbe Kennung wie eines an anderer Stelle; jedes bekam eine eigene: {ids}.</translation>
        </message>
        <message>
            <source>{count} buildings show another outline of one with the same id and no later date, left out; of each the most detailed, else the largest one came: {ids}.</source>
            <translation>{count} Gebäude zeigen einen anderen Umriss eines Gebäudes derselben Kennung ohne späteren Stand und entfallen; jeweils kam das detailliertere, sonst das größere: {ids}.</translation>
        </message>
        <message>
            <source>{count} buildings whose roof faces differ from the outline by more than {percent} % in plan; both came as they are: {ids}.</source>
            <translation>Bei {count} Gebäuden weichen die Dachflächen im Grundriss um mehr als {percent} % vom Umriss ab; beides kommt, wie es ist: {ids}.</translation>
        </message>
        <message>
            <source>{count} buildings without geometry, left out.</source>
            <translation>{count} Gebäude ohne Geometrie, ausgelassen.</translation>
        </message>
        <message>
            <source>{count} buildings without id got one from their outline.</source>
            <translation>{count} Gebäude ohne Kennung bekamen eine aus ihrem Umriss.</translation>
        </message>
        <message>
            <source>{count} contradictions chosen</source>
            <translation>{count} Widersprüche gewählt</translation>
        </message>
        <message>
            <source>{count} contradictions in {parcels} parcels of the register.</source>
            <translation>{count} Widersprüche in {parcels} Flurstücken des Registers.</translation>
        </message>
        <message>
            <source>{count} entries from before {day} are in {name} now. Keep it with the register: what it was before that day is looked up there. What was moved cannot be undone any more.</source>
            <translation>{count} Einträge aus der Zeit vor {day} stehen jetzt in {name}. Lassen Sie es beim Register: Was dieses vor jenem Tag war, wird dort nachgesehen. Was ausgelagert ist, lässt sich nicht mehr rückgängig machen.</translation>
        </message>
        <message>
            <source>{count} features have no usable key or geometry: left out.</source>
            <translation>{count} Objekte haben kein verwendbares Kennzeichen oder keine verwendbare Geometrie: ausgelassen.</translation>
        </message>
        <message>
            <source>{count} findings contradict others of the same day and are left out.</source>
            <translation>{count} Befunde widersprechen anderen vom selben Tag und sind ausgelassen.</translation>
        </message>
        <message>
            <source>{count} findings were taken over.</source>
            <translation>{count} Befunde wurden übernommen.</translation>
        </message>
        <message>
            <source>{count} ha more could be Innenstadt; per settlement only as many parts count as PARTS says.</source>
            <translation>{count} ha mehr könnten Innenstadt sein; je Siedlung zählen nur so viele Teile, wie PARTS angibt.</translation>
        </message>
        <message>
            <source>{count} keys are not in the form of ALKIS and kept as delivered: {keys}</source>
            <translation>{count} Kennzeichen haben nicht die Form von ALKIS und bleiben wie geliefert: {keys}</translation>
        </message>
        <message>
            <source>{count} numbers are no ring of x, y, z</source>
            <translation>{count} Zahlen ergeben keinen Ring aus x, y, z</translation>
        </message>
        <message>
            <source>{count} of its sheets hold a list ({sheets}); name one: {file}|layername={sheet}</source>
            <translation>{count} ihrer Blätter enthalten eine Liste ({sheets}); eines nennen: {file}|layername={sheet}</translation>
        </message>
        <message>
            <source>{count} of {selected} selected parcels carry it</source>
            <translation>{count} von {selected} ausgewählten Flurstücken tragen es</translation>
        </message>
        <message>
            <source>{count} of {total} municipalities have no finding: {names}.</source>
            <translation>{count} von {total} Gemeinden haben keinen Befund: {names}.</translation>
        </message>
        <message>
            <source>{count} old parcels removed: {list}.</source>
            <translation>{count} alte Flurstücke entfernt: {list}.</translation>
        </message>
        <message>
            <source>{count} old parcels were taken over in part only, the rest is in no parcel any more: {list}.</source>
            <translation>{count} alte Flurstücke wurden nur zum Teil übernommen, der Rest gehört zu keinem Flurstück mehr: {list}.</translation>
        </message>
        <message>
            <source>{count} parcels</source>
            <translation>{count} Flurstücke</translation>
        </message>
        <message>
            <source>{count} parcels changed in the register since the proposals were made: {parcels}. Nothing was written; compare anew.</source>
            <translation>{count} Flurstücke haben sich im Register geändert, seit die Vorschläge entstanden: {parcels}. Nichts wurde geschrieben; gleichen Sie neu ab.</translation>
        </message>
        <message>
            <source>{count} parcels come without area and geometry. Name a layer in PARCELS.</source>
            <translation>{count} Flurstücke kommen ohne Fläche und Geometrie. Nennen Sie in PARCELS einen Layer.</translation>
        </message>
        <message>
            <source>{count} parcels remain without a Raumtyp; raumtyp_quelle says why.</source>
            <translation>{count} Flurstücke bleiben ohne Raumtyp; raumtyp_quelle sagt, warum.</translation>
        </message>
        <message>
            <source>{count} parcels repeat another one exactly and come once.</source>
            <translation>{count} Flurstücke wiederholen ein anderes genau und kommen einmal vor.</translation>
        </message>
        <message>
            <source>{count} parcels · {area}</source>
            <translation>{count} Flurstücke · {area}</translation>
        </message>
        <message>
            <source>{count} parts lie farther than MAX_GAP from the rest of their corridor. They are not counted as interruptions.</source>
            <translation>{count} Teile liegen weiter als MAX_GAP vom Rest ihres Grünzugs. Sie zählen nicht als Unterbrechung.</translation>
        </message>
        <message>
            <source>{count} pieces were joined with another one that has the same id.</source>
            <translation>{count} Gebäudestücke wurden mit einem anliegenden derselben Kennung vereinigt.</translation>
        </message>
        <message>
            <source>{count} polygons had their outline among their holes, mended.</source>
            <translation>{count} Polygone hatten ihren Umriss unter den Löchern, berichtigt.</translation>
        </message>
        <message>
            <source>{count} references lead to what is not in their building, left out.</source>
            <translation>{count} Verweise führen zu etwas, das nicht in ihrem Gebäude steht, ausgelassen.</translation>
        </message>
        <message>
            <source>{count} roof faces are empty polygons, left out.</source>
            <translation>{count} Dachflächen sind leere Polygone, ausgelassen.</translation>
        </message>
        <message>
            <source>{count} roof faces cover no ground, left out.</source>
            <translation>{count} Dachflächen überdecken keinen Grund, ausgelassen.</translation>
        </message>
        <message>
            <source>{count} roof faces cross themselves; of each the largest part is drawn.</source>
            <translation>{count} Dachflächen überkreuzen sich selbst; gezeichnet ist jeweils der größte Teil.</translation>
        </message>
        <message>
            <source>{count} roof faces have no height, left out.</source>
            <translation>{count} Dachflächen haben keine Höhe, ausgelassen.</translation>
        </message>
        <message>
            <source>{count} roof faces have the roof form 9999: level in the model only.</source>
            <translation>{count} Dachflächen haben die Dachform 9999: nur im Modell eben.</translation>
        </message>
        <message>
            <source>{count} rows are in the register.</source>
            <translation>{count} Zeilen stehen im Register.</translation>
        </message>
        <message>
            <source>{count} rows say neither 1 nor 0 and were not taken over.</source>
            <translation>{count} Zeilen sagen weder 1 noch 0 und wurden nicht übernommen.</translation>
        </message>
        <message>
            <source>{count} rows were computed for a day after {day}.</source>
            <translation>{count} Zeilen wurden für einen Tag nach dem {day} berechnet.</translation>
        </message>
        <message>
            <source>{count} rows, {compared} of them with a rate per year.</source>
            <translation>{count} Zeilen, {compared} davon mit einer Rate pro Jahr.</translation>
        </message>
        <message>
            <source>{count} rows: what is measured changed between dates, see the columns aenderung and hinweise.</source>
            <translation>{count} Zeilen: Zwischen den Daten hat sich geändert, was gemessen wird, siehe die Spalten aenderung und hinweise.</translation>
        </message>
        <message>
            <source>{count} successors below MIN_SHARE took over nothing: {list}.</source>
            <translation>{count} Nachfolger unter MIN_SHARE haben nichts übernommen: {list}.</translation>
        </message>
        <message>
            <source>{count} values differ from those in the register. Nothing was written.</source>
            <translation>{count} Werte weichen von denen im Register ab. Nichts wurde geschrieben.</translation>
        </message>
        <message>
            <source>{count} values gave way to those of the larger parcel: {list}.</source>
            <translation>{count} Werte traten hinter denen des größeren Flurstücks zurück: {list}.</translation>
        </message>
        <message>
            <source>{count} values of parcels that become one differ. Nothing was written; settle them, or let the larger one decide.</source>
            <translation>{count} Werte von Flurstücken, die eines werden, weichen voneinander ab. Nichts wurde geschrieben; gleichen Sie sie an, oder lassen Sie das größere entscheiden.</translation>
        </message>
        <message>
            <source>{count} values of {table}.{column} in the register cannot be read and count as unknown. “Check the register” names them.</source>
            <translation>{count} Werte von {table}.{column} im Register sind nicht lesbar und zählen als unbekannt. „Register prüfen“ nennt sie.</translation>
        </message>
        <message>
            <source>{count} values that cannot be were taken away.</source>
            <translation>{count} unmögliche Werte wurden entfernt.</translation>
        </message>
        <message>
            <source>{count} without a usable Flurstückskennzeichen are left out.</source>
            <translation>{count} ohne brauchbares Flurstückskennzeichen bleiben außen vor.</translation>
        </message>
        <message>
            <source>{count} without a usable geometry are left out.</source>
            <translation>{count} ohne brauchbare Geometrie bleiben außen vor.</translation>
        </message>
        <message>
            <source>{decided} of {count} rows decided</source>
            <translation>{decided} von {count} Einträgen entschieden</translation>
        </message>
        <message>
            <source>{file} (a file of one's own, given as CONFIG)</source>
            <translation>{file} (eine eigene Datei, als CONFIG angegeben)</translation>
        </message>
        <message>
            <source>{file} cannot be read: {reason}.</source>
            <translation>{file} kann nicht gelesen werden: {reason}.</translation>
        </message>
        <message>
            <source>{file} could not be read any more; everything is measured again.</source>
            <translation>{file} war nicht mehr lesbar; alles wird neu gemessen.</translation>
        </message>
        <message>
            <source>{file} holds LoD1 buildings only: their roofs are level by construction, no evidence. Use LoD2 tiles.</source>
            <translation>{file} enthält nur LoD1-Gebäude: Deren Dächer sind durch die Konstruktion eben und kein Beleg. LoD2-Kacheln verwenden.</translation>
        </message>
        <message>
            <source>{file} is missing</source>
            <translation>{file} fehlt</translation>
        </message>
        <message>
            <source>{file} is missing in {path}. Run run_monitoring again into this folder.</source>
            <translation>{file} fehlt in {path}. Lassen Sie run_monitoring erneut in diesen Ordner laufen.</translation>
        </message>
        <message>
            <source>{file} is no CityGML file: its root element is “{root}”.</source>
            <translation>{file} ist keine CityGML-Datei: Das Wurzelelement ist „{root}“.</translation>
        </message>
        <message>
            <source>{file} is no spreadsheet, or one with a password</source>
            <translation>{file} ist keine Tabellenkalkulation oder mit einem Passwort geschützt</translation>
        </message>
        <message>
            <source>{file} is packed. Unpack it and give the .gml files in it.</source>
            <translation>{file} ist gepackt. Entpacken Sie die Datei und geben Sie die .gml-Dateien darin an.</translation>
        </message>
        <message>
            <source>{file} must give {names} (parameters)</source>
            <translation>{file} muss {names} angeben (parameters)</translation>
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
            <source>{given} rows read, {kept} kept, {means} regional means and sums computed.</source>
            <translation>{given} Zeilen gelesen, {kept} behalten, {means} Mittel und Summen der Region gerechnet.</translation>
        </message>
        <message>
            <source>{glyph} Outdated: the layer “{layer}” was changed on {when}.</source>
            <translation>{glyph} Veraltet: Der Layer „{layer}“ wurde am {when} geändert.</translation>
        </message>
        <message>
            <source>{indicators} measured by {source} on {before}, which counts; not assessable in {other} of {day}</source>
            <translation>{indicators} gemessen von {source} am {before}, was zählt; nicht bewertbar in {other} vom {day}</translation>
        </message>
        <message>
            <source>{indicator} / {definition} of {day} left out: {one} says {left}, {other} says {right}; they contradict each other in the column {column}</source>
            <translation>{indicator} / {definition} vom {day} weggelassen: {one} sagt {left}, {other} sagt {right}; sie widersprechen sich in der Spalte {column}</translation>
        </message>
        <message>
            <source>{indicator} has no definition “{definition}” in the package, but: {names}.</source>
            <translation>{indicator} hat im Ergebnisordner keine Definition „{definition}“, sondern: {names}.</translation>
        </message>
        <message>
            <source>{indicator} has no finding for “{area}”, but for {names}.</source>
            <translation>{indicator} hat keinen Befund für „{area}“, sondern für {names}.</translation>
        </message>
        <message>
            <source>{indicator} has no finding: the step {step} was not done ({reason}). Mend that and run run_monitoring again into the package.</source>
            <translation>{indicator} hat keinen Befund: Der Schritt {step} wurde nicht ausgeführt ({reason}). Beheben Sie das und lassen Sie run_monitoring erneut in diesen Ordner laufen.</translation>
        </message>
        <message>
            <source>{indicator} has several findings: {names}. Give AREA, by its key where names repeat.</source>
            <translation>{indicator} hat mehrere Befunde: {names}. Geben Sie AREA an, bei gleichen Namen mit dem Schlüssel.</translation>
        </message>
        <message>
            <source>{indicator}, {area}: the same numbers, bit for bit.</source>
            <translation>{indicator}, {area}: Bit für Bit dieselben Zahlen.</translation>
        </message>
        <message>
            <source>{indicator}: no finding for {names}.</source>
            <translation>{indicator}: kein Befund für {names}.</translation>
        </message>
        <message>
            <source>{kind}, {when}, {count} entries ({number})</source>
            <translation>{kind}, {when}, {count} Einträge ({number})</translation>
        </message>
        <message>
            <source>{kind}, {when}, {count} entries ({number}), undone</source>
            <translation>{kind}, {when}, {count} Einträge ({number}), rückgängig gemacht</translation>
        </message>
        <message>
            <source>{kind}: {count} of {total} parcels.</source>
            <translation>{kind}: {count} von {total} Flurstücken.</translation>
        </message>
        <message>
            <source>{kind}: {count} of {total} parcels. Is the layer complete and its CRS right, or is it shifted by more than the tolerance?</source>
            <translation>{kind}: {count} von {total} Flurstücken. Ist der Layer vollständig und sein KBS richtig, oder ist er um mehr als die Toleranz verschoben?</translation>
        </message>
        <message>
            <source>{layer} and {other} do not meet, so nothing can be told from them. Are their CRS right, and do both cover the same region?</source>
            <translation>{layer} und {other} berühren sich nicht, daher lässt sich aus ihnen nichts ableiten. Stimmen die KBS, und liegen beide in derselben Region?</translation>
        </message>
        <message>
            <source>{layer} and {other} lie apart. Are their CRS right?</source>
            <translation>{layer} und {other} liegen auseinander. Stimmen ihre Bezugssysteme?</translation>
        </message>
        <message>
            <source>{layer} cannot be read as a list: {reason}.</source>
            <translation>{layer} lässt sich nicht als Liste lesen: {reason}.</translation>
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
            <source>{layer} has {count} bands ({bands}). Choose {parameter}.</source>
            <translation>{layer} hat {count} Bänder ({bands}). {parameter} wählen.</translation>
        </message>
        <message>
            <source>{layer} holds no polygon with raumtyp = Innenstadt.</source>
            <translation>{layer} enthält kein Polygon mit raumtyp = Innenstadt.</translation>
        </message>
        <message>
            <source>{layer} holds none of the municipalities of the tables in {tables}. Compare AREAS_KEY with their column ags.</source>
            <translation>{layer} enthält keine der Gemeinden der Tabellen in {tables}. AREAS_KEY mit deren Spalte ags vergleichen.</translation>
        </message>
        <message>
            <source>{layer} is empty: it has no features to analyse.</source>
            <translation>{layer} ist leer: Es gibt keine Objekte auszuwerten.</translation>
        </message>
        <message>
            <source>{layer} is empty: it has no rows.</source>
            <translation>{layer} ist leer: keine Zeilen.</translation>
        </message>
        <message>
            <source>{layer} is no known result of a single goal. Name its goal in GOALS_OF_RESULTS.</source>
            <translation>{layer} ist kein bekanntes Ergebnis eines einzelnen Ziels. Nennen Sie das Ziel in GOALS_OF_RESULTS.</translation>
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
            <source>{layer}, {field}: {count} values are no {kind} ({examples}): unknown.</source>
            <translation>{layer}, {field}: {count} Werte sind keine {kind} ({examples}) und gelten als unbekannt.</translation>
        </message>
        <message>
            <source>{layer}: HZ {goal}, {word}, features with {filter}.</source>
            <translation>{layer}: HZ {goal}, {word}, Objekte mit {filter}.</translation>
        </message>
        <message>
            <source>{layer}: choose the field that holds the Flurstückskennzeichen.</source>
            <translation>{layer}: Wählen Sie das Feld mit dem Flurstückskennzeichen.</translation>
        </message>
        <message>
            <source>{layer}: choose {parameter} among {fields}.</source>
            <translation>{layer}: {parameter} wählen aus {fields}.</translation>
        </message>
        <message>
            <source>{layer}: give RAUMTYP, or choose RAUMTYP_FIELD among {fields}.</source>
            <translation>{layer}: RAUMTYP angeben oder RAUMTYP_FIELD wählen aus {fields}.</translation>
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
            <source>{layer}: no field with names; areas are named by their key.</source>
            <translation>{layer}: kein Feld mit Namen; Gebiete heißen nach ihrem Schlüssel.</translation>
        </message>
        <message>
            <source>{layer}: no grades, taken as missing: {examples}.</source>
            <translation>{layer}: keine Erhaltungsgrade, sie gelten als fehlend: {examples}.</translation>
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
            <source>{layer}: no row is to be taken over (uebernehmen = 1).</source>
            <translation>{layer}: Keine Zeile soll übernommen werden (uebernehmen = 1).</translation>
        </message>
        <message>
            <source>{layer}: none of the values of the field “{field}” stands in {parameter}. It holds: {values}.</source>
            <translation>{layer}: Keiner der Werte im Feld „{field}“ steht in {parameter}. Es enthält: {values}.</translation>
        </message>
        <message>
            <source>{layer}: only {share} % of the features have a usable geometry</source>
            <translation>{layer}: nur {share} % der Objekte haben eine brauchbare Geometrie</translation>
        </message>
        <message>
            <source>{layer}: polygons cover the same ground, so that their residents would count twice. Choose one grid or one division of the ground.</source>
            <translation>{layer}: Polygone bedecken denselben Grund, so dass ihre Einwohner doppelt zählten. Wählen Sie ein Gitter oder eine Gliederung.</translation>
        </message>
        <message>
            <source>{layer}: results of an earlier run are replaced: {columns}.</source>
            <translation>{layer}: Ergebnisse eines früheren Laufs werden ersetzt: {columns}.</translation>
        </message>
        <message>
            <source>{layer}: the field “{field}” holds numbers, no names of areas. Choose {parameter} among {fields}.</source>
            <translation>{layer}: Das Feld „{field}“ enthält Zahlen, keine Namen von Gebieten. {parameter} unter {fields} wählen.</translation>
        </message>
        <message>
            <source>{layer}: the field “{field}” is used for {parameter}.</source>
            <translation>{layer}: Das Feld „{field}“ wird für {parameter} verwendet.</translation>
        </message>
        <message>
            <source>{layer}: the field “{old}” is called “{new}” in the result, as its name is taken.</source>
            <translation>{layer}: Das Feld „{old}“ heißt im Ergebnis „{new}“, denn sein Name ist vergeben.</translation>
        </message>
        <message>
            <source>{layer}: the filter “{filter}” cannot be used: {reason}</source>
            <translation>{layer}: der Filter „{filter}“ ist nicht brauchbar: {reason}</translation>
        </message>
        <message>
            <source>{layer}: the official area of {count} parcels does not fit the outline, which counts: {parcels}.</source>
            <translation>{layer}: Die amtliche Fläche von {count} Flurstücken passt nicht zum Umriss; es zählt der Umriss: {parcels}.</translation>
        </message>
        <message>
            <source>{layer}: the sheets {sheets} hold no list and are not read.</source>
            <translation>{layer}: Die Blätter {sheets} enthalten keine Liste und werden nicht gelesen.</translation>
        </message>
        <message>
            <source>{layer}: the style stored with it is not used, as it reads what is outside of the data: {list}.</source>
            <translation>{layer}: Der mit der Ebene gespeicherte Stil wird nicht verwendet, denn er liest, was außerhalb der Daten liegt: {list}.</translation>
        </message>
        <message>
            <source>{layer}: {count} buildings have uses that are not listed, such as “{example}”.</source>
            <translation>{layer}: {count} Gebäude haben Nutzungen, die in keiner Liste stehen, zum Beispiel „{example}“.</translation>
        </message>
        <message>
            <source>{layer}: {count} columns are named “{field}”.</source>
            <translation>{layer}: {count} Spalten heißen „{field}“.</translation>
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
            <source>{layer}: {count} features repeat another one exactly and are counted once.</source>
            <translation>{layer}: {count} Objekte wiederholen ein anderes genau und werden einmal gezählt.</translation>
        </message>
        <message>
            <source>{layer}: {count} features repeat another one to 0.1 m and are counted once.</source>
            <translation>{layer}: {count} Objekte wiederholen ein anderes auf 0,1 m und werden einmal gezählt.</translation>
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
            <source>{layer}: {count} keys are no Flurstückskennzeichen. Nothing was written.</source>
            <translation>{layer}: {count} Kennzeichen sind kein Flurstückskennzeichen. Nichts wurde geschrieben.</translation>
        </message>
        <message>
            <source>{layer}: {count} level faces of unknown form: no evidence.</source>
            <translation>{layer}: {count} ebene Dachflächen unbekannter Form: kein Beleg.</translation>
        </message>
        <message>
            <source>{layer}: {count} official areas cannot be read; the outline counts there.</source>
            <translation>{layer}: {count} amtliche Flächen sind nicht lesbar; dort zählt der Umriss.</translation>
        </message>
        <message>
            <source>{layer}: {count} parcels come in versions that overlap. What overlaps counts once: {parcels}.</source>
            <translation>{layer}: {count} Flurstücke kommen in Fassungen, die einander überlappen. Was sich überlappt, zählt einmal: {parcels}.</translation>
        </message>
        <message>
            <source>{layer}: {count} parts below MIN_AREA are left out.</source>
            <translation>{layer}: {count} Teile unter MIN_AREA bleiben außer Betracht.</translation>
        </message>
        <message>
            <source>{layer}: {count} polygons without a Raumtyp are not used.</source>
            <translation>{layer}: {count} Polygone ohne Raumtyp werden nicht verwendet.</translation>
        </message>
        <message>
            <source>{layer}: {count} rows cannot be taken. Nothing was written; SKIP_BAD leaves them out.</source>
            <translation>{layer}: {count} Zeilen lassen sich nicht übernehmen. Nichts wurde geschrieben; SKIP_BAD lässt sie aus.</translation>
        </message>
        <message>
            <source>{layer}: {count} unusable geometries left out.</source>
            <translation>{layer}: {count} unbrauchbare Geometrien ausgelassen.</translation>
        </message>
        <message>
            <source>{layer}: {count} without a Raumtyp were left out.</source>
            <translation>{layer}: {count} ohne Raumtyp wurden ausgelassen.</translation>
        </message>
        <message>
            <source>{layer}: {count} without geometry, left out.</source>
            <translation>{layer}: {count} ohne Geometrie, ausgelassen.</translation>
        </message>
        <message>
            <source>{layer}: {field} of case {case} cannot be “{value}”. Nothing was written.</source>
            <translation>{layer}: {field} von Fall {case} kann nicht „{value}“ sein. Nichts wurde geschrieben.</translation>
        </message>
        <message>
            <source>{layer}: {host} does not answer. Check the connection and the address, or leave the layer out.</source>
            <translation>{layer}: {host} antwortet nicht. Prüfen Sie Verbindung und Adresse, oder lassen Sie die Ebene weg.</translation>
        </message>
        <message>
            <source>{layer}: {marked} features selected for {wanted} parcels.</source>
            <translation>{layer}: {marked} Objekte für {wanted} Flurstücke ausgewählt.</translation>
        </message>
        <message>
            <source>{layer}: {taken} rows taken, {same} unchanged, {refused} refused.</source>
            <translation>{layer}: {taken} Zeilen übernommen, {same} unverändert, {refused} abgelehnt.</translation>
        </message>
        <message>
            <source>{layer}: “{value}” is no habitat type. A spreadsheet has read 91E0 as a number (91 × 10⁰); store the codes as text.</source>
            <translation>{layer}: „{value}“ ist kein Lebensraumtyp. Eine Tabellenkalkulation hat 91E0 als Zahl gelesen (91 × 10⁰); die Codes als Text speichern.</translation>
        </message>
        <message>
            <source>{layer}: “{value}” is no share in percent, 0 to 100. Nothing was written.</source>
            <translation>{layer}: „{value}“ ist kein Anteil in Prozent, 0 bis 100. Nichts wurde geschrieben.</translation>
        </message>
        <message>
            <source>{layer}: “{value}” is none of {words}.</source>
            <translation>{layer}: „{value}“ ist keines von {words}.</translation>
        </message>
        <message>
            <source>{layer}: “{value}” is the status of a habitat type in a biogeographic region (Article 17), no grade of a stand. Choose the field with A, B and C.</source>
            <translation>{layer}: „{value}“ ist der Erhaltungszustand eines Lebensraumtyps in einer biogeografischen Region (Artikel 17), kein Grad eines Bestands. Das Feld mit A, B und C wählen.</translation>
        </message>
        <message>
            <source>{names}: not among the municipalities of the region</source>
            <translation>{names}: nicht unter den Gemeinden der Region</translation>
        </message>
        <message>
            <source>{name} failed.</source>
            <translation>{name} ist gescheitert.</translation>
        </message>
        <message>
            <source>{one} and {other} contradict each other: {indicator} / {definition} of the same area and day, but different in the column {column} ({left}, {right}). Two runs had the same AS_OF: leave one of them out, or give it the day that it is about.</source>
            <translation>{one} und {other} widersprechen sich: {indicator} / {definition} für dasselbe Gebiet und denselben Tag, aber verschieden in der Spalte {column} ({left}, {right}). Zwei Läufe hatten dasselbe AS_OF: einen weglassen oder ihm den Tag geben, um den es geht.</translation>
        </message>
        <message>
            <source>{one} and {other} hold {indicator} / {definition} in different units ({column}: {left}, {right}) and cannot be averaged. Compute both anew with the same version of the plugin.</source>
            <translation>{one} und {other} enthalten {indicator} / {definition} in verschiedenen Einheiten ({column}: {left}, {right}) und lassen sich nicht mitteln. Beide mit derselben Version des Plugins neu berechnen.</translation>
        </message>
        <message>
            <source>{output} must be a file ending in {endings}, not {path}.</source>
            <translation>{output} muss eine Datei mit der Endung {endings} sein, nicht {path}.</translation>
        </message>
        <message>
            <source>{output} would overwrite {other}. Choose another place.</source>
            <translation>{output} würde {other} überschreiben. Einen anderen Ort wählen.</translation>
        </message>
        <message>
            <source>{output}: a .{ending} file does not keep all of this result. Choose {endings}.</source>
            <translation>{output}: Eine .{ending}-Datei bewahrt nicht das ganze Ergebnis. Wählen Sie {endings}.</translation>
        </message>
        <message>
            <source>{output}: the field “{field}” cannot hold “{value}” ({reason}). Widen the field in the input or remove it.</source>
            <translation>{output}: Das Feld „{field}“ kann „{value}“ nicht aufnehmen ({reason}). Erweitern Sie das Feld in der Eingabe oder entfernen Sie es.</translation>
        </message>
        <message>
            <source>{output}: {path} cannot be written: choose a file in an existing folder.</source>
            <translation>{output}: {path} kann nicht geschrieben werden: Wählen Sie eine Datei in einem vorhandenen Ordner.</translation>
        </message>
        <message>
            <source>{parameter} has {count} entries for {layers} layers.</source>
            <translation>{parameter} hat {count} Einträge für {layers} Layer.</translation>
        </message>
        <message>
            <source>{parameter} is missing. {help}</source>
            <translation>{parameter} fehlt. {help}</translation>
        </message>
        <message>
            <source>{parameter} must be a date from {first} to {last}, not “{value}”.</source>
            <translation>{parameter} muss ein Datum von {first} bis {last} sein, nicht „{value}“.</translation>
        </message>
        <message>
            <source>{parameter} must be a date such as 2026-12-31, not “{value}”.</source>
            <translation>{parameter} muss ein Datum wie 2026-12-31 sein, nicht „{value}“.</translation>
        </message>
        <message>
            <source>{parameter} must be a number, not “{value}”.</source>
            <translation>{parameter} muss eine Zahl sein, nicht „{value}“.</translation>
        </message>
        <message>
            <source>{parameter} must be a text, not {value}.</source>
            <translation>{parameter} muss ein Text sein, nicht {value}.</translation>
        </message>
        <message>
            <source>{parameter} must be a whole number, not {value}.</source>
            <translation>{parameter} muss eine ganze Zahl sein, nicht {value}.</translation>
        </message>
        <message>
            <source>{parameter} must be at least {least}, not {value}.</source>
            <translation>{parameter} muss mindestens {least} sein, nicht {value}.</translation>
        </message>
        <message>
            <source>{parameter} must be at most {most}, not {value}.</source>
            <translation>{parameter} darf höchstens {most} sein, nicht {value}.</translation>
        </message>
        <message>
            <source>{parameter} must be one of {words}, not “{value}”.</source>
            <translation>{parameter} muss eines von {words} sein, nicht „{value}“.</translation>
        </message>
        <message>
            <source>{parameter} must be yes or no, not “{value}”.</source>
            <translation>{parameter} muss ja oder nein sein, nicht „{value}“.</translation>
        </message>
        <message>
            <source>{parameter} must list numbers from {least} to {most}, not “{value}”.</source>
            <translation>{parameter} muss Zahlen von {least} bis {most} auflisten, nicht „{value}“.</translation>
        </message>
        <message>
            <source>{parameter} must not hold the character NUL.</source>
            <translation>{parameter} darf das Zeichen NUL nicht enthalten.</translation>
        </message>
        <message>
            <source>{parameter}: choose at least one layer.</source>
            <translation>{parameter}: wählen Sie mindestens einen Layer.</translation>
        </message>
        <message>
            <source>{parameter}: it may be {names}; name one in {file} (steps: {step}: layers: {key})</source>
            <translation>{parameter}: in Frage kommen {names}; nennen Sie einen in {file} (steps: {step}: layers: {key})</translation>
        </message>
        <message>
            <source>{parameter}: no file {path}.</source>
            <translation>{parameter}: Es gibt keine Datei {path}.</translation>
        </message>
        <message>
            <source>{parameter}: no other step has left any result for it.</source>
            <translation>{parameter}: Kein anderer Schritt hat dafür ein Ergebnis hinterlassen.</translation>
        </message>
        <message>
            <source>{parameter}: the expression {expression} has no value: {reason}</source>
            <translation>{parameter}: Der Ausdruck {expression} hat keinen Wert: {reason}</translation>
        </message>
        <message>
            <source>{parameter}: the layer {value} cannot be read. Repair its data source or choose another layer.</source>
            <translation>{parameter}: Die Ebene {value} kann nicht gelesen werden. Reparieren Sie ihre Datenquelle oder wählen Sie eine andere Ebene.</translation>
        </message>
        <message>
            <source>{parameter}: {band} of {layer} is used.</source>
            <translation>{parameter}: {band} von {layer} wird verwendet.</translation>
        </message>
        <message>
            <source>{parcel}, HZ {goal}, {field}: “{theirs}” and “{mine}”</source>
            <translation>{parcel}, HZ {goal}, {field}: „{theirs}“ und „{mine}“</translation>
        </message>
        <message>
            <source>{parcel}, {field}: there “{theirs}”, here “{mine}”</source>
            <translation>{parcel}, {field}: dort „{theirs}“, hier „{mine}“</translation>
        </message>
        <message>
            <source>{path} cannot be written: {reason}.</source>
            <translation>{path} kann nicht geschrieben werden: {reason}.</translation>
        </message>
        <message>
            <source>{path} could not be written to its end. Is the disk full?</source>
            <translation>{path} konnte nicht zu Ende geschrieben werden. Ist der Datenträger voll?</translation>
        </message>
        <message>
            <source>{path} could not be written.</source>
            <translation>{path} konnte nicht geschrieben werden.</translation>
        </message>
        <message>
            <source>{path} is no result package of this version ({reason}). Choose another folder.</source>
            <translation>{path} ist kein Ergebnisordner dieser Version ({reason}). Wählen Sie einen anderen Ordner.</translation>
        </message>
        <message>
            <source>{path} is no result package: {file} is missing. Choose the folder that run_monitoring has written.</source>
            <translation>{path} ist kein Ergebnisordner: {file} fehlt. Wählen Sie den Ordner, den run_monitoring geschrieben hat.</translation>
        </message>
        <message>
            <source>{path}: a Shapefile keeps {longest} bytes of a text; {count} are cut ({fields}). A GeoPackage (.gpkg) keeps them whole.</source>
            <translation>{path}: Ein Shapefile bewahrt {longest} Byte eines Textes; {count} sind gekürzt ({fields}). Ein GeoPackage (.gpkg) bewahrt sie ganz.</translation>
        </message>
        <message>
            <source>{path}: only {found} of {written} rows were stored.</source>
            <translation>{path}: Nur {found} von {written} Zeilen wurden gespeichert.</translation>
        </message>
        <message>
            <source>{path}: texts of more than {most} characters are cut to that.</source>
            <translation>{path}: Texte von mehr als {most} Zeichen sind darauf gekürzt.</translation>
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
            <source>{raster} holds values from {values}: no heights in metres. Choose their band.</source>
            <translation>{raster} enthält Werte von {values}: keine Höhen in Metern. Das Band der Höhen wählen.</translation>
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
            <source>{raster}, band {band}, holds values from {values} and none of 0 or less: that is reflectance and no vegetation index. Choose the band of the index.</source>
            <translation>{raster}, Band {band}, enthält Werte von {values} und keinen bis 0: Das sind Reflexionsgrade und kein Vegetationsindex. Das Band des Index wählen.</translation>
        </message>
        <message>
            <source>{raster}: cells are averaged to {size} m.</source>
            <translation>{raster}: Zellen werden auf {size} m gemittelt.</translation>
        </message>
        <message>
            <source>{raster}: none of its cells holds a class of grassland ({classes}).</source>
            <translation>{raster}: Keine seiner Zellen hält eine Klasse des Grünlands ({classes}).</translation>
        </message>
        <message>
            <source>{raster}: of {count} of {total} polygons heights are exactly the same over a large part. Nobody measured them; they count as unknown.</source>
            <translation>{raster}: Bei {count} von {total} Polygonen sind Höhen großflächig genau gleich. Sie sind nicht gemessen und gelten als unbekannt.</translation>
        </message>
        <message>
            <source>{raster}: of {count} of {total} polygons heights are stored in steps of {step} m or more: a slope of {limit}° cannot be told.</source>
            <translation>{raster}: Bei {count} von {total} Polygonen liegen die Höhen in Stufen von {step} m oder mehr vor: Eine Neigung von {limit}° ist damit nicht zu erkennen.</translation>
        </message>
        <message>
            <source>{raster}: of {count} of {whole} polygons no depth is known.</source>
            <translation>{raster}: Von {count} von {whole} Polygonen ist kein Flurabstand bekannt.</translation>
        </message>
        <message>
            <source>{raster}: sealing is read as shares of 1.</source>
            <translation>{raster}: Die Versiegelung wird als Anteil von 1 gelesen.</translation>
        </message>
        <message>
            <source>{raster}: sealing is read in percent.</source>
            <translation>{raster}: Die Versiegelung wird in Prozent gelesen.</translation>
        </message>
        <message>
            <source>{rows} entries were changed by somebody else since you read them. Nothing was written; choose for each whose value stays.</source>
            <translation>{rows} Einträge hat jemand anderes geändert, seit Sie sie gelesen haben. Nichts wurde geschrieben; entscheiden Sie für jeden, wessen Wert bleibt.</translation>
        </message>
        <message>
            <source>{step} failed: {reason}</source>
            <translation>{step} ist gescheitert: {reason}</translation>
        </message>
        <message>
            <source>{step}: unchanged.</source>
            <translation>{step}: unverändert.</translation>
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
            <source>{table}: used although {reason}</source>
            <translation>{table} trotzdem verwendet: {reason}</translation>
        </message>
        <message>
            <source>{text}, chosen</source>
            <translation>{text}, gewählt</translation>
        </message>
        <message>
            <source>{text}, not chosen</source>
            <translation>{text}, nicht gewählt</translation>
        </message>
        <message>
            <source>{tiles} tiles: {read} buildings read, {buildings} written with {faces} roof faces.</source>
            <translation>{tiles} Kacheln: {read} Gebäude gelesen, {buildings} mit {faces} Dachflächen geschrieben.</translation>
        </message>
        <message>
            <source>{used} of {count} packages and tables used.</source>
            <translation>{used} von {count} Lieferungen und Tabellen verwendet.</translation>
        </message>
        <message>
            <source>{value} of {target}</source>
            <translation>{value} von {target}</translation>
        </message>
        <message>
            <source>{where} does not exist or cannot be opened as a GeoPackage.</source>
            <translation>{where} gibt es nicht, oder es lässt sich nicht als GeoPackage öffnen.</translation>
        </message>
        <message>
            <source>{where} is on a network drive, where a GeoPackage that several people edit gets damaged. Keep the register in PostgreSQL with PostGIS, or the file on a local disk.</source>
            <translation>{where} liegt auf einem Netzlaufwerk; dort wird ein GeoPackage, das mehrere bearbeiten, beschädigt. Halten Sie das Register in PostgreSQL mit PostGIS, oder die Datei auf einem lokalen Datenträger.</translation>
        </message>
        <message>
            <source>{who} changed the register; the panel shows it as it is now.</source>
            <translation>{who} hat das Register geändert; das Bedienfeld zeigt es, wie es jetzt ist.</translation>
        </message>
        <message>
            <source>{x}, {y} is no place in ETRS89/UTM, east before north</source>
            <translation>{x}, {y} ist kein Ort in ETRS89/UTM, Ostwert vor Nordwert</translation>
        </message>
        <message>
            <source>“{value}” is not possible here.</source>
            <translation>„{value}“ ist hier nicht möglich.</translation>
        </message>
        <message>
            <source>… and {parcels} more</source>
            <translation>… und weitere {parcels}</translation>
        </message>
    </context>
</TS>
