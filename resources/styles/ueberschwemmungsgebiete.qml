<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.40" styleCategories="Symbology|Labeling" labelsEnabled="0">
  <renderer-v2 type="categorizedSymbol" attr="klasse" symbollevels="1">
    <categories>
      <category symbol="0" type="string" value="festgesetzt" label="festgesetzt" render="true"/>
      <category symbol="1" type="string" value="vorläufig gesichert" label="vorläufig gesichert" render="true"/>
      <category symbol="2" type="string" value="Auenkulisse" label="Auenkulisse" render="true"/>
      <category symbol="3" type="NULL" value="" label="ohne Klasse" render="true"/>
    </categories>
    <symbols>
      <symbol type="fill" name="0" alpha="1" clip_to_extent="1">
        <layer class="SimpleFill" enabled="1" locked="0" pass="2">
          <Option type="Map">
            <Option type="QString" name="color" value="86,180,233,92"/>
            <Option type="QString" name="style" value="solid"/>
            <Option type="QString" name="outline_color" value="0,96,154,255"/>
            <Option type="QString" name="outline_width" value="0.5"/>
            <Option type="QString" name="outline_style" value="solid"/>
            <Option type="QString" name="joinstyle" value="round"/>
          </Option>
        </layer>
      </symbol>
      <symbol type="fill" name="1" alpha="1" clip_to_extent="1">
        <layer class="SimpleFill" enabled="1" locked="0" pass="1">
          <Option type="Map">
            <Option type="QString" name="color" value="86,180,233,41"/>
            <Option type="QString" name="style" value="solid"/>
            <Option type="QString" name="outline_style" value="no"/>
            <Option type="QString" name="joinstyle" value="round"/>
          </Option>
        </layer>
        <layer class="LinePatternFill" enabled="1" locked="0" pass="1">
          <Option type="Map">
            <Option type="QString" name="angle" value="45"/>
            <Option type="QString" name="distance" value="1.8"/>
            <Option type="QString" name="distance_unit" value="MM"/>
            <Option type="QString" name="coordinate_reference" value="viewport"/>
          </Option>
          <symbol type="line" name="@1@1" alpha="1" clip_to_extent="1">
            <layer class="SimpleLine" enabled="1" locked="0" pass="0">
              <Option type="Map">
                <Option type="QString" name="line_color" value="0,96,154,153"/>
                <Option type="QString" name="line_width" value="0.18"/>
                <Option type="QString" name="capstyle" value="flat"/>
                <Option type="QString" name="joinstyle" value="round"/>
              </Option>
            </layer>
          </symbol>
        </layer>
        <layer class="SimpleLine" enabled="1" locked="0" pass="1">
          <Option type="Map">
            <Option type="QString" name="line_color" value="0,96,154,255"/>
            <Option type="QString" name="line_width" value="0.5"/>
            <Option type="QString" name="capstyle" value="flat"/>
            <Option type="QString" name="joinstyle" value="round"/>
            <Option type="QString" name="use_custom_dash" value="1"/>
            <Option type="QString" name="customdash" value="2.2;1.1"/>
            <Option type="QString" name="customdash_unit" value="MM"/>
          </Option>
        </layer>
      </symbol>
      <symbol type="fill" name="2" alpha="1" clip_to_extent="1">
        <layer class="SimpleFill" enabled="1" locked="0" pass="0">
          <Option type="Map">
            <Option type="QString" name="color" value="0,158,115,13"/>
            <Option type="QString" name="style" value="solid"/>
            <Option type="QString" name="outline_style" value="no"/>
            <Option type="QString" name="joinstyle" value="round"/>
          </Option>
        </layer>
        <layer class="PointPatternFill" enabled="1" locked="0" pass="0">
          <Option type="Map">
            <Option type="QString" name="distance_x" value="2.6"/>
            <Option type="QString" name="distance_y" value="1.3"/>
            <Option type="QString" name="displacement_x" value="1.3"/>
            <Option type="QString" name="coordinate_reference" value="viewport"/>
          </Option>
          <symbol type="marker" name="@2@1" alpha="1" clip_to_extent="1">
            <layer class="SimpleMarker" enabled="1" locked="0" pass="0">
              <Option type="Map">
                <Option type="QString" name="name" value="circle"/>
                <Option type="QString" name="color" value="0,121,90,153"/>
                <Option type="QString" name="outline_style" value="no"/>
                <Option type="QString" name="size" value="0.38"/>
                <Option type="QString" name="size_unit" value="MM"/>
              </Option>
            </layer>
          </symbol>
        </layer>
        <layer class="SimpleLine" enabled="1" locked="0" pass="0">
          <Option type="Map">
            <Option type="QString" name="line_color" value="0,121,90,255"/>
            <Option type="QString" name="line_width" value="0.6"/>
            <Option type="QString" name="capstyle" value="round"/>
            <Option type="QString" name="joinstyle" value="round"/>
            <Option type="QString" name="use_custom_dash" value="1"/>
            <Option type="QString" name="customdash" value="0.01;1.2"/>
            <Option type="QString" name="customdash_unit" value="MM"/>
          </Option>
        </layer>
      </symbol>
      <symbol type="fill" name="3" alpha="1" clip_to_extent="1">
        <layer class="SimpleFill" enabled="1" locked="0" pass="0">
          <Option type="Map">
            <Option type="QString" name="color" value="86,180,233,36"/>
            <Option type="QString" name="style" value="solid"/>
            <Option type="QString" name="outline_color" value="94,107,115,255"/>
            <Option type="QString" name="outline_width" value="0.35"/>
            <Option type="QString" name="outline_style" value="solid"/>
            <Option type="QString" name="joinstyle" value="round"/>
          </Option>
        </layer>
      </symbol>
    </symbols>
  </renderer-v2>
  <layerGeometryType>2</layerGeometryType>
</qgis>
