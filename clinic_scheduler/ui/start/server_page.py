"""The page for a server: where it is, who signs in, how the line is protected."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget

from clinic_scheduler.ui.start.field import Field
from clinic_scheduler.ui.start.form import Form
from clinic_scheduler.ui.start.server import PORT, ServerChoice, Tls, is_local, problems


class ServerPage(Form):
    """Asks for what a connection needs."""

    def __init__(self) -> None:
        super().__init__(
            self.tr("Connect to our server"),
            self.tr("Whoever looks after the server can tell you these. Nothing is changed by testing."),
        )
        self._is_tls_chosen = False
        self._make_place()
        self._make_login()
        self._make_line()
        self._column.addStretch()
        for line in (self._host, self._port, self._database, self._user, self._password, self._certificate):
            line.textChanged.connect(self._on_edit)
        self._tls.currentIndexChanged.connect(self._on_tls)
        self._tls.activated.connect(self._keep_tls)
        self._host.textChanged.connect(self._follow_host)
        self._on_tls()

    def problems(self) -> dict[str, str]:
        return problems(self.choice())

    def choice(self, *, prepare: bool = False) -> ServerChoice:
        """What stands in the fields."""
        typed = ServerChoice(
            hosts=self._host.text(),
            port=self._port.text(),
            database=self._database.text(),
            user=self._user.text(),
            password=self._password.text(),
            tls=self._chosen_tls(),
            certificate=self._certificate.text(),
        )
        return replace(typed, prepare=prepare)

    def fill(self, choice: ServerChoice) -> None:
        """Put a choice into the fields, such as the server of the last time."""
        self._host.setText(choice.hosts)
        self._port.setText(choice.port)
        self._database.setText(choice.database)
        self._user.setText(choice.user)
        self._password.setText(choice.password)
        self._certificate.setText(choice.certificate)
        self._tls.setCurrentIndex(self._tls.findData(choice.tls))
        self._is_tls_chosen = True

    def show_keyring(self, text: str) -> None:
        """Say below the password where it will be kept."""
        self.field("password").advise(text)

    def _make_place(self) -> None:
        self._host, self._port, self._database = _line(), _line(str(PORT)), _line("clinic")
        self._host.setPlaceholderText("db.example.org")
        hint = self.tr("Several servers of one cluster are separated by commas.")
        grid = self._section(self.tr("The server"))
        grid.addWidget(
            self._add("host", Field(self.tr("Name or address"), self._host, hint=hint)), 1, 0, 1, 2
        )
        grid.addWidget(self._add("port", Field(self.tr("Port"), self._port)), 2, 0)
        grid.addWidget(self._add("database", Field(self.tr("Database"), self._database)), 2, 1)

    def _make_login(self) -> None:
        self._user, self._password = _line(), _line()
        self._password.setEchoMode(QLineEdit.EchoMode.Password)
        grid = self._section(self.tr("Your login"))
        grid.addWidget(self._add("user", Field(self.tr("User"), self._user)), 1, 0)
        grid.addWidget(self._add("password", Field(self.tr("Password"), self._password)), 1, 1)

    def _make_line(self) -> None:
        self._tls, self._certificate = QComboBox(), _line()
        self._tls.addItem(self.tr("Encrypted, the server's certificate is checked"), "verify-full")
        self._tls.addItem(self.tr("Encrypted, the certificate is not checked"), "require")
        self._tls.addItem(self.tr("Not encrypted, the server is this computer"), "disable")
        self._certificate.setMaxLength(4096)
        self._choose = QPushButton(self.tr("Choose file"))
        self._choose.setAutoDefault(False)
        self._choose.clicked.connect(self.choose_certificate)
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self._certificate, 1)
        line.addWidget(self._choose)
        row.setFocusProxy(self._certificate)
        grid = self._section(self.tr("The line"))
        grid.addWidget(self._add("tls", Field(self.tr("Encryption"), self._tls)), 1, 0, 1, 2)
        label = self.tr("Certificate of the authority that signed the server's")
        hint = self.tr("Leave it empty where this computer has it in its usual place.")
        grid.addWidget(self._add("certificate", Field(label, row, hint=hint)), 2, 0, 1, 2)
        self._certificate.setAccessibleName(label)

    def choose_certificate(self) -> None:
        """Let a file be chosen."""
        dialog = QFileDialog(self, self.tr("Certificate"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Certificates (*.crt *.pem *.cer)"), self.tr("All files (*)")])
        dialog.fileSelected.connect(self._certificate.setText)
        dialog.open()

    def _chosen_tls(self) -> Tls:
        found: Tls = self._tls.currentData()
        return found

    def _keep_tls(self) -> None:
        self._is_tls_chosen = True

    def _follow_host(self) -> None:
        if not self._is_tls_chosen:
            wanted = "disable" if is_local(self._host.text()) else "verify-full"
            self._tls.setCurrentIndex(self._tls.findData(wanted))

    def _on_tls(self) -> None:
        tls = self._chosen_tls()
        self.field("certificate").setVisible(tls == "verify-full")
        warning = self.tr("Nobody can listen, but another computer could pose as the server.")
        self.field("tls").is_touched = True
        self.field("tls").advise(warning if tls == "require" else "", "warning")
        self._on_edit()


def _line(text: str = "") -> QLineEdit:
    line = QLineEdit(text)
    line.setMaxLength(1024)
    return line
