"""Sound: conversion, levels, judging a take, and the files that Asterisk plays."""
