<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.40" styleCategories="Symbology|Labeling" labelsEnabled="1">
  <renderer-v2 type="RuleRenderer" symbollevels="1">
    <rules key="root">
      <rule key="0" symbol="0" label="großer Gewinn (ab ½ des größten)" filter='"gewinn_ha" &gt;= 0.5 * maximum("gewinn_ha")'/>
      <rule key="1" symbol="1" label="mittlerer Gewinn (ab ⅒)" filter='"gewinn_ha" &gt;= 0.1 * maximum("gewinn_ha") AND "gewinn_ha" &lt; 0.5 * maximum("gewinn_ha")'/>
      <rule key="2" symbol="2" label="kleiner Gewinn" filter="ELSE"/>
    </rules>
    <symbols>
      <symbol type="line" name="0" alpha="1" clip_to_extent="1">
        <layer class="SimpleLine" enabled="1" locked="0" pass="2">
          <Option type="Map">
            <Option type="QString" name="line_color" value="255,255,255,255"/>
            <Option type="QString" name="line_width" value="2.3"/>
            <Option type="QString" name="capstyle" value="round"/>
          </Option>
        </layer>
        <layer class="SimpleLine" enabled="1" locked="0" pass="5">
          <Option type="Map">
            <Option type="QString" name="line_color" value="163,16,43,255"/>
            <Option type="QString" name="line_width" value="1.5"/>
            <Option type="QString" name="capstyle" value="flat"/>
            <Option type="QString" name="use_custom_dash" value="1"/>
            <Option type="QString" name="customdash" value="2.2;0.9"/>
            <Option type="QString" name="customdash_unit" value="MM"/>
          </Option>
        </layer>
        <layer class="MarkerLine" enabled="1" locked="0" pass="8">
          <Option type="Map">
            <Option type="QString" name="placements" value="FirstVertex|LastVertex"/>
            <Option type="QString" name="rotate" value="0"/>
          </Option>
          <symbol type="marker" name="@0@2" alpha="1" clip_to_extent="1">
        <layer class="SimpleMarker" enabled="1" locked="0" pass="0">
              <Option type="Map">
                <Option type="QString" name="name" value="circle"/>
                <Option type="QString" name="color" value="163,16,43,255"/>
                <Option type="QString" name="outline_color" value="255,255,255,255"/>
                <Option type="QString" name="outline_width" value="0.3"/>
                <Option type="QString" name="size" value="3.1"/>
              </Option>
            </layer>
          </symbol>
        </layer>
      </symbol>
      <symbol type="line" name="1" alpha="1" clip_to_extent="1">
        <layer class="SimpleLine" enabled="1" locked="0" pass="1">
          <Option type="Map">
            <Option type="QString" name="line_color" value="255,255,255,255"/>
            <Option type="QString" name="line_width" value="1.9"/>
            <Option type="QString" name="capstyle" value="round"/>
          </Option>
        </layer>
        <layer class="SimpleLine" enabled="1" locked="0" pass="4">
          <Option type="Map">
            <Option type="QString" name="line_color" value="217,98,43,255"/>
            <Option type="QString" name="line_width" value="1.1"/>
            <Option type="QString" name="capstyle" value="flat"/>
            <Option type="QString" name="use_custom_dash" value="1"/>
            <Option type="QString" name="customdash" value="2.2;0.9"/>
            <Option type="QString" name="customdash_unit" value="MM"/>
          </Option>
        </layer>
        <layer class="MarkerLine" enabled="1" locked="0" pass="7">
          <Option type="Map">
            <Option type="QString" name="placements" value="FirstVertex|LastVertex"/>
            <Option type="QString" name="rotate" value="0"/>
          </Option>
          <symbol type="marker" name="@1@2" alpha="1" clip_to_extent="1">
        <layer class="SimpleMarker" enabled="1" locked="0" pass="0">
              <Option type="Map">
                <Option type="QString" name="name" value="circle"/>
                <Option type="QString" name="color" value="217,98,43,255"/>
                <Option type="QString" name="outline_color" value="255,255,255,255"/>
                <Option type="QString" name="outline_width" value="0.3"/>
                <Option type="QString" name="size" value="2.7"/>
              </Option>
            </layer>
          </symbol>
        </layer>
      </symbol>
      <symbol type="line" name="2" alpha="1" clip_to_extent="1">
        <layer class="SimpleLine" enabled="1" locked="0" pass="0">
          <Option type="Map">
            <Option type="QString" name="line_color" value="255,255,255,255"/>
            <Option type="QString" name="line_width" value="1.6"/>
            <Option type="QString" name="capstyle" value="round"/>
          </Option>
        </layer>
        <layer class="SimpleLine" enabled="1" locked="0" pass="3">
          <Option type="Map">
            <Option type="QString" name="line_color" value="224,161,60,255"/>
            <Option type="QString" name="line_width" value="0.8"/>
            <Option type="QString" name="capstyle" value="flat"/>
            <Option type="QString" name="use_custom_dash" value="1"/>
            <Option type="QString" name="customdash" value="2.2;0.9"/>
            <Option type="QString" name="customdash_unit" value="MM"/>
          </Option>
        </layer>
      </symbol>
    </symbols>
  </renderer-v2>
  <labeling type="simple">
    <settings calloutType="simple">
      <text-style fieldName="CASE WHEN &quot;rang&quot; &lt;= 15 OR @map_scale &lt; 6000 THEN 'Nr. ' || &quot;rang&quot; || ' · ' || format_number(&quot;laenge_m&quot;, 0) || ' m' END" isExpression="1" fontFamily="Open Sans" fontSize="8.5" fontSizeUnit="Point" fontWeight="75" fontItalic="0" textColor="122,13,31,255" textOpacity="1" multilineHeight="1">
        <families>
          <family name="Arial"/>
          <family name="DejaVu Sans"/>
        </families>
        <text-buffer bufferDraw="1" bufferSize="0.9" bufferSizeUnits="MM" bufferColor="255,255,255,255" bufferOpacity="0.9" bufferNoFill="1" bufferJoinStyle="128"/>
      </text-style>
      <placement placement="0" priority="10" dist="1.8" geometryGenerator="centroid(@geometry)" geometryGeneratorEnabled="1" geometryGeneratorType="PointGeometry"/>
      <rendering drawLabels="1" obstacle="1" scaleVisibility="1" scaleMin="0" scaleMax="60000"/>
    </settings>
  </labeling>
  <layerGeometryType>1</layerGeometryType>
</qgis>
