<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.40" styleCategories="Symbology|Labeling" labelsEnabled="1">
  <renderer-v2 type="singleSymbol" symbollevels="0">
    <symbols>
      <symbol type="fill" name="0" alpha="1" clip_to_extent="1">
        <layer class="GeometryGenerator" enabled="1" locked="0" pass="0">
          <Option type="Map">
            <Option type="QString" name="SymbolType" value="Line"/>
            <Option type="QString" name="geometryModifier" value="coalesce(difference(boundary(@geometry), aggregate(@layer, 'collect', @geometry, filter:=&quot;ags&quot; &lt; attribute(@parent, 'ags') AND intersects(@geometry, geometry(@parent)))), boundary(@geometry))"/>
            <Option type="QString" name="units" value="MapUnit"/>
          </Option>
          <symbol type="line" name="@0@0" alpha="1" clip_to_extent="1">
            <layer class="SimpleLine" enabled="1" locked="0" pass="0">
              <Option type="Map">
                <Option type="QString" name="line_color" value="140,90,158,76"/>
                <Option type="QString" name="line_width" value="1.6"/>
                <Option type="QString" name="capstyle" value="flat"/>
                <Option type="QString" name="joinstyle" value="round"/>
              </Option>
            </layer>
            <layer class="SimpleLine" enabled="1" locked="0" pass="0">
              <Option type="Map">
                <Option type="QString" name="line_color" value="74,42,87,255"/>
                <Option type="QString" name="line_width" value="0.45"/>
                <Option type="QString" name="capstyle" value="flat"/>
                <Option type="QString" name="joinstyle" value="round"/>
                <Option type="QString" name="use_custom_dash" value="1"/>
                <Option type="QString" name="customdash" value="4;1.1;0.7;1.1"/>
                <Option type="QString" name="customdash_unit" value="MM"/>
              </Option>
            </layer>
          </symbol>
        </layer>
      </symbol>
    </symbols>
  </renderer-v2>
  <labeling type="simple">
    <settings calloutType="simple">
      <text-style fieldName="gemeinde" isExpression="0" fontFamily="Open Sans" fontSize="11" fontSizeUnit="Point" fontWeight="75" fontItalic="0" fontLetterSpacing="1.2" textColor="74,42,87,255" textOpacity="1" multilineHeight="1">
        <families>
          <family name="Arial"/>
          <family name="DejaVu Sans"/>
        </families>
        <text-buffer bufferDraw="1" bufferSize="1" bufferSizeUnits="MM" bufferColor="255,255,255,255" bufferOpacity="0.8" bufferNoFill="1" bufferJoinStyle="128"/>
      </text-style>
      <text-format multilineAlign="1" autoWrapLength="11" useMaxLineLengthForAutoWrap="1"/>
      <placement placement="4" priority="10"/>
      <rendering drawLabels="1" obstacle="0"/>
    </settings>
  </labeling>
  <layerGeometryType>2</layerGeometryType>
</qgis>
