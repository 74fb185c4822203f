"""Grüne Infrastruktur Ruhr: the regional strategy, made measurable in QGIS."""


def classFactory(iface):
    """Return the plugin object; everything else is imported when it is needed."""
    from .gruene_infra_plugin.plugin import GrueneInfraPlugin

    return GrueneInfraPlugin(iface)
