"""What a run says, without the passwords that the addresses of layers and outputs may hold."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from traceback import clear_frames

from qgis.core import QgsProcessingException, QgsProcessingFeedback, QgsProcessingMultiStepFeedback

from ..gruene_infra_plugin.passwords import without_passwords


class RedactingFeedback(QgsProcessingMultiStepFeedback):
    """Hands messages and progress on to ``feedback``, as one of its ``steps``, and cancels with it."""

    def __init__(self, feedback: QgsProcessingFeedback, steps: int = 1) -> None:
        super().__init__(steps, feedback)
        self._feedback = feedback

    def isCanceled(self) -> bool:
        """Ask the run's own feedback, which may have been cancelled before."""
        if self._feedback.isCanceled():
            self.cancel()
        return super().isCanceled()

    def setProgressText(self, text: str) -> None:
        super().setProgressText(without_passwords(text))

    def reportError(self, error: str, fatalError: bool = False) -> None:
        super().reportError(without_passwords(error), fatalError)

    def pushWarning(self, warning: str) -> None:
        super().pushWarning(without_passwords(warning))

    def pushInfo(self, info: str) -> None:
        super().pushInfo(without_passwords(info))

    def pushCommandInfo(self, info: str) -> None:
        super().pushCommandInfo(without_passwords(info))

    def pushDebugInfo(self, info: str) -> None:
        super().pushDebugInfo(without_passwords(info))

    def pushConsoleInfo(self, info: str) -> None:
        super().pushConsoleInfo(without_passwords(info))

    def pushFormattedMessage(self, html: str, text: str) -> None:
        super().pushFormattedMessage(without_passwords(html), without_passwords(text))


@contextmanager
def redacted_errors() -> Iterator[None]:
    """Raise what a run cannot do as ``QgsProcessingException``, without passwords; let go of its layers."""
    try:
        yield
    except QgsProcessingException as error:
        _let_go(error)
        said = without_passwords(str(error))
        if said == str(error):
            raise
        raise QgsProcessingException(said) from None
    except BaseException as error:
        _let_go(error)
        raise


def _let_go(error: BaseException) -> None:
    """Clear what the steps that failed held: QGIS keeps errors for good, and half-read layers with them.

    It has four connections to a database for all who read from it, so the fifth run would wait for ever.
    """
    known: BaseException | None = error
    while known is not None:
        clear_frames(known.__traceback__)
        known = known.__cause__ or known.__context__
