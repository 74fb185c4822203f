"""What a planner does with the panel in a real QGIS: selects, assigns, paints, undoes, looks at each page."""

from pathlib import Path

import qgis.utils
from qgis import processing
from qgis.core import QgsApplication, QgsProject
from qgis.PyQt.QtCore import QEventLoop, QPoint, Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QDockWidget
from qgis.utils import iface

DIALOG = "QgsProcessingAlgorithmDialogBase"
PAGES = ("AssignPage", "FindPage", "StatusPage", "ChecksPage")


class Tour:
    """Presses the real buttons; ``seen`` is what came of it."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.panel = qgis.utils.plugins["gruene_infra"].panel
        self.controller = qgis.utils.plugins["gruene_infra"].controller
        self.workbench = self.controller.workbench
        self.page = self.controller.assign.page
        self.seen = {}

    def wait(self, milliseconds):
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def settle(self):
        self.wait(600)
        for _ in range(200):
            if not self.workbench.busy:
                break
            self.wait(50)
        self.wait(300)

    def picture(self, name):
        iface.messageBar().clearWidgets()
        iface.mainWindow().grab().save(str(self.folder / f"{name}.png"))

    def press(self, button):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.settle()

    def tick(self, hz):
        view = self.page.goals
        model = view.model()
        index = next(
            model.index(row, 0)
            for row in range(model.rowCount())
            if model.index(row, 0).data().startswith(f"{hz} ·")
        )
        view.scrollTo(index)
        box = view.visualRect(index)
        spot = QPoint(box.left() + box.height() // 2, box.center().y())
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        self.settle()

    def drag(self, button, *points):
        """Drag over the map, in shares of its width and height."""
        canvas = iface.mapCanvas().viewport()
        spots = [QPoint(int(x * canvas.width()), int(y * canvas.height())) for x, y in points]
        QTest.mousePress(canvas, button, pos=spots[0])
        for spot in spots:
            QTest.mouseMove(canvas, spot)
            self.wait(80)
        QTest.mouseRelease(canvas, button, pos=spots[-1])
        self.settle()

    def totals(self):
        from gruene_infra.gruene_infra_plugin.register.store import Register

        register = Register.open(self.workbench.place)
        found = {hz: total.parcels for hz, total in register.totals_by_goal().items()}
        register.close()
        return found

    def show_page(self, name):
        pages = self.panel.pages
        pages.setCurrentIndex(PAGES.index(name))
        self.settle()

    # What happens ------------------------------------------------------------------------------------

    def open(self):
        for dock in iface.mainWindow().findChildren(QDockWidget):
            if dock is not self.panel and dock.objectName() in ("Browser", "ProcessingToolbox", "Overview"):
                dock.close()
        self.panel.setVisible(True)
        self.settle()
        self.picture("panel_start")
        self.workbench.open_register(self.folder / "Register Musterstadt.gpkg", create=True)
        self.settle()
        self.seen["layer"] = self.panel.layer.currentText()
        self.seen["key"] = self.panel.key_field.currentField()

    def assign(self, theme, *goals):
        layer = self.workbench.parcels.layer
        canvas = iface.mapCanvas().extent()
        canvas.scale(0.35)
        layer.selectByRect(canvas)
        self.settle()
        seen = self.seen[theme] = {"selected": len(self.workbench.selection.keys)}
        for hz in goals:
            self.tick(hz)
        self.picture(f"panel_{theme}_before")
        seen["foretold"] = {str(c.of): c.after.parcels for c in self.page.changes_model.changes}
        self.press(self.page.apply)
        totals = self.totals()
        seen["assigned"] = {str(hz): totals[hz] for hz in goals}
        self.picture(f"panel_{theme}_assigned")
        layer.removeSelection()
        self.settle()

    def paint(self, theme, hz):
        seen, path = self.seen[theme], ((0.3, 0.6), (0.4, 0.62), (0.5, 0.6), (0.6, 0.55))
        self.tick(hz)
        self.press(self.page.paint)
        self.drag(Qt.MouseButton.LeftButton, *path)
        seen["painted"] = self.totals().get(hz, 0)
        self.picture(f"panel_{theme}_painting")
        self.drag(Qt.MouseButton.RightButton, *path)
        seen["erased"] = self.totals().get(hz, 0)
        self.press(self.page.undo)
        seen["unerased"] = self.totals().get(hz, 0)
        self.press(self.page.undo)
        seen["undone"] = self.totals().get(hz, 0)
        self.picture(f"panel_{theme}_undone")
        self.press(self.page.paint)
        seen["brush_put_away"] = not self.page.paint.isChecked()
        self.tick(hz)

    def analyse(self):
        """Run the floodplain goal on the sample and look at what it suggests."""
        layers = QgsProject.instance().mapLayers().values()
        by_name = {layer.source().split("layername=")[-1]: layer for layer in layers}
        result = processing.runAndLoadResults(
            "gruene_infra:hz19_floodplain_buildings",
            {
                "BUILDINGS": by_name["gebaeude"],
                "FLOODPLAINS": by_name["ueberschwemmungsgebiete"],
                "BUILDINGS_BEFORE": by_name["gebaeude_2015"],
                "REFERENCE_YEAR": 2016,
                "AREAS": by_name["gemeinden"],
                "OUTPUT": str(self.folder / "aue.gpkg"),
                "SUMMARY": str(self.folder / "befunde.gpkg"),
            },
        )
        self.seen["analysed"] = sorted(result)
        self.settle()
        layer = self.workbench.parcels.layer
        layer.selectAll()
        self.settle()
        self.seen["suggested"] = [
            [s.goal, len(s.evidence)] for s in self.controller.suggestions.panel.model.suggestions
        ]
        self.picture("panel_light_suggestions")
        layer.removeSelection()
        self.settle()

    def run_what_the_button_opens(self):
        """Press the button for a goal, then Run in the dialog, twice; note what is loaded each time."""
        self.show_page("StatusPage")
        page, project = self.controller.status.page, QgsProject.instance()
        self.seen["loaded"] = []
        for _time in range(2):
            before = set(project.mapLayers())
            page.choose(19)
            self.press(page.run)
            (dialog,) = [w for w in QApplication.topLevelWidgets() if w.inherits(DIALOG) and w.isVisible()]
            QTest.mouseClick(dialog.runButton(), Qt.MouseButton.LeftButton)
            for _ in range(600):
                if dialog.wasExecuted():
                    break
                self.wait(100)
            self.picture("panel_light_dialog")
            made = [layer for name, layer in project.mapLayers().items() if name not in before]
            kinds = [type(layer.renderer()).__name__ if layer.isSpatial() else "table" for layer in made]
            self.seen["loaded"].append(sorted(kinds))
            dialog.close()
            self.settle()

    def look_around(self, theme):
        for name in PAGES:
            self.show_page(name)
            self.picture(f"panel_{theme}_{name}")

    def take_over(self):
        self.show_page("StatusPage")
        self.press(self.controller.status.page.take_over)
        self.seen["findings"] = len(self.read_findings())
        self.show_page("FindPage")
        find = self.controller.find.page
        find.goal.setCurrentIndex(find.goal.findData(2))
        self.settle()
        self.seen["found"] = find.results_model.rowCount()
        self.show_page("ChecksPage")
        self.press(self.controller.checks.page.check)

    def dock(self, area, name):
        """Dock the panel at a side and note which tabs and buttons are cut."""
        window = iface.mainWindow()
        window.addDockWidget(area, self.panel)
        self.show_page("AssignPage")
        self.panel.widen()
        self.settle()
        self.picture(f"panel_{name}")
        needed = [button.sizeHint().width() <= button.width() for button in self.buttons()]
        tabs = self.panel.pages.tabBar()
        last = tabs.tabRect(tabs.count() - 1)
        self.seen[name] = [all(needed), last.right() <= tabs.width()]

    def buttons(self):
        return self.page.apply, self.page.undo, self.page.paint

    def read_findings(self):
        from gruene_infra.gruene_infra_plugin.register.store import Register

        register = Register.open(self.workbench.place)
        found = register.findings()
        register.close()
        return found

    def run(self):
        self.open()
        self.assign("light", 2, 6)
        self.paint("light", 19)
        self.analyse()
        self.take_over()
        self.run_what_the_button_opens()
        self.dock(Qt.DockWidgetArea.LeftDockWidgetArea, "left")
        self.dock(Qt.DockWidgetArea.RightDockWidgetArea, "right")
        self.look_around("light")
        QgsApplication.setUITheme("Night Mapping")
        self.settle()
        self.look_around("dark")
        self.show_page("AssignPage")
        self.assign("dark", 3, 7)
        self.paint("dark", 20)
        QgsApplication.setUITheme("default")
        self.show_page("AssignPage")
        return self.seen
