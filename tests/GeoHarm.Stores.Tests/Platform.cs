// The project targets linux-x64; the tests use file modes.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
