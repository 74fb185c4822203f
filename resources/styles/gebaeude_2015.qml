<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.40" styleCategories="Symbology|Labeling" labelsEnabled="0">
  <renderer-v2 type="singleSymbol" symbollevels="0">
    <symbols>
      <symbol type="fill" name="0" alpha="1" clip_to_extent="1">
        <layer class="LinePatternFill" enabled="1" locked="0" pass="0">
          <Option type="Map">
            <Option type="QString" name="angle" value="45"/>
            <Option type="QString" name="distance" value="1.1"/>
            <Option type="QString" name="distance_unit" value="MM"/>
            <Option type="QString" name="coordinate_reference" value="viewport"/>
          </Option>
          <symbol type="line" name="@0@0" alpha="1" clip_to_extent="1">
            <layer class="SimpleLine" enabled="1" locked="0" pass="0">
              <Option type="Map">
                <Option type="QString" name="line_color" value="95,92,88,140"/>
                <Option type="QString" name="line_width" value="0.1"/>
                <Option type="QString" name="capstyle" value="flat"/>
                <Option type="QString" name="joinstyle" value="round"/>
              </Option>
            </layer>
          </symbol>
        </layer>
        <layer class="SimpleFill" enabled="1" locked="0" pass="0">
          <Option type="Map">
            <Option type="QString" name="style" value="no"/>
            <Option type="QString" name="outline_color" value="63,60,57,255"/>
            <Option type="QString" name="outline_width" value="0.22"/>
            <Option type="QString" name="outline_style" value="dash"/>
            <Option type="QString" name="joinstyle" value="round"/>
          </Option>
        </layer>
      </symbol>
    </symbols>
  </renderer-v2>
  <layerGeometryType>2</layerGeometryType>
</qgis>
