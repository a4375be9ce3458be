"""Follows next links and prints the path and query of page N: walk.py URL N"""
import http.client
import json
import sys
from urllib.parse import urlsplit

url, pages = sys.argv[1], int(sys.argv[2])
parts = urlsplit(url)
connection = http.client.HTTPConnection(parts.netloc, timeout=30)
path = f"{parts.path}?{parts.query}"
for _ in range(pages - 1):
    connection.request("GET", path)
    answer = connection.getresponse()
    body = json.loads(answer.read())
    if answer.status != 200:
        sys.exit(f"page answered {answer.status}")
    following = next((link["url"] for link in body["link"] if link["relation"] == "next"), None)
    if following is None:
        break
    parts = urlsplit(following)
    path = f"{parts.path}?{parts.query}"
print(path)
