"""Two small documents, questions about them, and what becomes of the conversations about them."""

from assistant import Assistant

WINE = (
    "---\ntitle: Wine of Kakheti\nauthor: Nino Beridze\ndate: 2024-05-01\n---\n\n"
    "Kakheti makes most of the country's wine. The grapes are picked in October. "
    "In 2023 the region sold 118 million bottles.\n"
)
ROADS = (
    "---\ntitle: Roads of Svaneti\nauthor: Levan Kobalia\ndate: 2023-02-01\n---\n\n"
    "The road to Mestia was closed for 41 days in 2022. Snow is cleared by one machine.\n"
)
GRAPES = "The grapes are picked in October."
BOTTLES = "In 2023 the region sold 118 million bottles."
CLOSED = "The road to Mestia was closed for 41 days in 2022."

ABOUT_ROADS = "How many days was the road to Mestia closed?"
ABOUT_WINE = "How many bottles did Kakheti sell in 2023?"

DATABASE = """(run) => new Promise((resolve, reject) => {
  const request = indexedDB.open("verbatim");
  request.onerror = () => reject(request.error);
  request.onsuccess = () => {
    const store = request.result.transaction("turns", "readwrite").objectStore("turns");
    const all = store.getAll();
    all.onsuccess = () => {
      if (run) for (const row of all.result) { row.saved = JSON.parse(run); store.put(row); }
      store.transaction.oncomplete = () => { request.result.close(); resolve(all.result); };
    };
  };
})"""
"""Turns that a browser keeps, after each was given what is said, if anything."""


class Remembering(Assistant):
    """Answers from an index; `histories` are those it was given, oldest first."""

    histories = ()

    async def astream(self, question, history=None, where=None):
        """As it is, remembered."""
        self.histories = (*self.histories, list(history or []))
        async for event in super().astream(question, history, where):
            yield event


def kept(page, count):
    """Waits until the browser keeps so many turns."""
    page.wait_for_function(
        f"count => ({DATABASE})().then((rows) => rows.length === count)", arg=count
    )


def write(folder):
    """Writes both documents into a folder."""
    (folder / "wine.md").write_text(WINE)
    (folder / "roads.md").write_text(ROADS)
    return [folder / "wine.md", folder / "roads.md"]
