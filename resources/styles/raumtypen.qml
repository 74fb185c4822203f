<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.40" styleCategories="Symbology|Labeling" labelsEnabled="0">
  <renderer-v2 type="categorizedSymbol" attr="raumtyp" symbollevels="0">
    <categories>
      <category symbol="0" type="string" value="Innenstadt" label="Innenstadt" render="true"/>
      <category symbol="1" type="string" value="Zwischenstadt" label="Zwischenstadt" render="true"/>
      <category symbol="2" type="string" value="Landschaft" label="Landschaft" render="true"/>
      <category symbol="3" type="NULL" value="" label="ohne Raumtyp" render="true"/>
    </categories>
    <symbols>
      <symbol type="fill" name="0" alpha="1" clip_to_extent="1">
        <layer class="SimpleFill" enabled="1" locked="0" pass="0">
          <Option type="Map">
            <Option type="QString" name="color" value="217,119,107,97"/>
            <Option type="QString" name="style" value="solid"/>
            <Option type="QString" name="outline_color" value="158,61,51,230"/>
            <Option type="QString" name="outline_width" value="0.35"/>
            <Option type="QString" name="outline_style" value="solid"/>
            <Option type="QString" name="joinstyle" value="round"/>
          </Option>
        </layer>
      </symbol>
      <symbol type="fill" name="1" alpha="1" clip_to_extent="1">
        <layer class="SimpleFill" enabled="1" locked="0" pass="0">
          <Option type="Map">
            <Option type="QString" name="color" value="235,196,106,97"/>
            <Option type="QString" name="style" value="solid"/>
            <Option type="QString" name="outline_color" value="160,122,30,230"/>
            <Option type="QString" name="outline_width" value="0.35"/>
            <Option type="QString" name="outline_style" value="solid"/>
            <Option type="QString" name="joinstyle" value="round"/>
          </Option>
        </layer>
      </symbol>
      <symbol type="fill" name="2" alpha="1" clip_to_extent="1">
        <layer class="SimpleFill" enabled="1" locked="0" pass="0">
          <Option type="Map">
            <Option type="QString" name="color" value="143,192,138,97"/>
            <Option type="QString" name="style" value="solid"/>
            <Option type="QString" name="outline_color" value="63,122,69,230"/>
            <Option type="QString" name="outline_width" value="0.35"/>
            <Option type="QString" name="outline_style" value="solid"/>
            <Option type="QString" name="joinstyle" value="round"/>
          </Option>
        </layer>
      </symbol>
      <symbol type="fill" name="3" alpha="1" clip_to_extent="1">
        <layer class="SimpleFill" enabled="1" locked="0" pass="0">
          <Option type="Map">
            <Option type="QString" name="color" value="187,187,187,76"/>
            <Option type="QString" name="style" value="solid"/>
            <Option type="QString" name="outline_color" value="119,119,119,230"/>
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
